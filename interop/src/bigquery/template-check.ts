import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runToSuccess } from "../harness/run-program.ts";
import type { CaseResult, SuiteContext } from "../harness/suite.ts";
import { fixtureFolders } from "./query-fixture.ts";
import { connectorEnvironment, pythonConnectors } from "./start-connectors.ts";

const programs = { 1: "flytekit_templates.py", 2: "flyte_sdk_templates.py" } as const;

/** Lets the SDK write its templates, inputs and jobs again: the fixtures are what it writes, byte for byte. */
export async function checkTemplates(generation: "1" | "2", context: SuiteContext): Promise<CaseResult> {
  const bin = await connectorEnvironment(pythonConnectors[generation], context);
  const program = fileURLToPath(new URL(`../../bigquery/${programs[generation]}`, import.meta.url));
  const written = join(context.evidenceFolder, "templates", generation);
  await runToSuccess([join(bin, "python"), program, written], {
    signal: context.signal,
    logFile: join(context.evidenceFolder, "templates.log"),
    // As in remake.sh.
    env: { PYTHONHASHSEED: "0", PYTHONDONTWRITEBYTECODE: "1", FLYTE_SDK_LOGGING_LEVEL: "50" },
  });
  const expected = fileURLToPath(fixtureFolders[generation]);
  const names = new Set([...(await filesIn(expected)), ...(await filesIn(written))]);
  for (const name of names) {
    const [before, now] = await Promise.all([expected, written].map((folder) => readIfThere(join(folder, name))));
    if (before === undefined || now === undefined || !before.equals(now)) {
      return { kind: "failed", reason: `${name} is not as the SDK writes it; remake it by bigquery/remake.sh` };
    }
  }
  return { kind: "passed" };
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries.filter((name) => /\.\w+$/.test(name)).sort();
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  return await readFile(path).catch(() => undefined);
}
