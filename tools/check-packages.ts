/** Checks the packages as they are published: publint, and the types as each kind of resolution finds them. */
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";

/** CommonJS and the resolution of before `exports` are not served: Node 22.18 and newer load ES modules everywhere. */
const unserved: ReadonlySet<string> = new Set(["CJSResolvesToESM", "node10"]);

const directory = mkdtempSync(join(tmpdir(), "flyte-agent-check-"));
try {
  const pack = fileURLToPath(new URL("pack-packages.ts", import.meta.url));
  await promisify(execFile)(process.execPath, [pack, directory]);
  const tarballs = readdirSync(directory);
  let problems = 0;
  for (const file of tarballs) {
    for (const problem of await problemsOf(readFileSync(join(directory, file)))) {
      problems += 1;
      console.error(`${file}: ${problem}`);
    }
  }
  console.log(`packages: ${tarballs.length} packages, ${problems} problems`);
  process.exitCode = problems === 0 ? 0 : 1;
} finally {
  rmSync(directory, { recursive: true });
}

async function problemsOf(tarball: Buffer): Promise<readonly string[]> {
  const bytes = new Uint8Array(tarball);
  const { messages, pkg } = await publint({ pack: { tarball: bytes.buffer }, strict: true });
  const lint = messages
    // The address is written when the repository has one.
    .filter(({ code }) => !code.startsWith("USE_REPOSITORY") && code !== "INVALID_REPOSITORY_VALUE")
    .map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  const analysis = await checkPackage(createPackageFromTarballData(bytes));
  const wrong = analysis.types === false ? [] : analysis.problems;
  const types = wrong
    .filter((problem) => !unserved.has(problem.kind))
    .filter((problem) => !("resolutionKind" in problem && unserved.has(problem.resolutionKind)))
    .filter((problem) => !("entrypoint" in problem && problem.entrypoint.endsWith(".json")))
    .map((problem) => JSON.stringify(problem));
  return [...lint, ...types];
}
