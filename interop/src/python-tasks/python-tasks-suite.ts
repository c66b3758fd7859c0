import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type PythonEnvironment, pythonEnvironment } from "../harness/python-environment.ts";
import { runToSuccess } from "../harness/run-program.ts";
import { startAgentServer } from "../harness/start-agent-server.ts";
import type { CaseResult, Generation, Suite, SuiteContext } from "../harness/suite.ts";
import { interopPath } from "../twins/start-servers.ts";

/** A Python SDK and what runs the tasks of the page with it. */
interface Peer {
  readonly name: string;
  readonly generation: Generation;
  readonly environment: PythonEnvironment;
  /** The block of the page. */
  readonly module: string;
  readonly program: string;
}

const peers: readonly Peer[] = [
  {
    name: "flytekit 1.16.31",
    generation: "1",
    environment: {
      name: "flytekit-1.16.31",
      requirementsFile: interopPath("twins/python/requirements-flytekit.txt"),
    },
    module: "flytekit_tasks.py",
    program: "run_flytekit.py",
  },
  {
    name: "flyte-sdk 2.12.1",
    generation: "2",
    environment: { name: "flyte-2.12.1", requirementsFile: interopPath("twins/python/requirements-flyte-sdk.txt") },
    module: "flyte_tasks.py",
    program: "run_flyte.py",
  },
];

const kinds = { timer: "async", echo: "sync", due: "sensor" } as const;
type TaskType = keyof typeof kinds;

/** What a program prints of a task. */
interface Answer {
  readonly type: TaskType;
  readonly phase: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The task classes of docs/python-tasks.md with the real SDKs: the page's own code, served by the page's own plugin. */
export const pythonTasksSuite: Suite = {
  name: "python-tasks",
  needs: ["python3.11"],
  async run(context) {
    const wanted = peers.filter((peer) => typesOf(peer).some(({ name }) => context.wants(name)));
    if (wanted.length === 0) return;
    const page = readFileSync(interopPath("../docs/python-tasks.md"), "utf8");
    const plugin = await writePlugin(page, context);
    const plugins = [plugin, interopPath("../examples/timer-plugin")];
    await using server = await startAgentServer({ name: "plugins-of-the-page", plugins }, context);
    for (const peer of wanted) await runPeer(peer, page, server.port, context);
  },
};

async function runPeer(peer: Peer, page: string, port: number, context: SuiteContext): Promise<void> {
  const folder = join(context.evidenceFolder, peer.environment.name);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, peer.module), blockOf(page, peer.module));
  const python = join(await pythonEnvironment(peer.environment, context), "python");
  const stdout = await runToSuccess([python, interopPath(`python-tasks/${peer.program}`), String(port)], {
    signal: context.signal,
    logFile: join(folder, "output.log"),
    env: { PYTHONPATH: folder },
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  // The program is ours: each line is such an answer.
  const answers = lines.map((line) => JSON.parse(line) as Answer);
  for (const { name, type } of typesOf(peer).filter((row) => context.wants(row.name))) {
    context.report({ name, generation: peer.generation, peer: peer.name, result: resultOf(answers, type) });
  }
}

function typesOf(peer: Peer): readonly { readonly name: string; readonly type: TaskType }[] {
  const types: readonly TaskType[] = ["timer", "echo", "due"];
  return types.map((type) => ({ name: `${peer.name.split(" ")[0]}, ${kinds[type]}`, type }));
}

function resultOf(answers: readonly Answer[], type: TaskType): CaseResult {
  const answer = answers.find((each) => each.type === type);
  try {
    assert.equal(answer?.phase, "SUCCEEDED");
    if (type === "echo") assert.deepEqual(answer.outputs, { text: "héllo" });
    if (type === "due") assert.deepEqual(answer.outputs, {});
    if (type === "timer") assert.match(answer.outputs.rang_at ?? "", /^\d{4}-\d\d-\d\d .*\+00:00$/);
    return { kind: "passed" };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}

/** The page's plugin, where it finds the SDK as an installed one does. */
async function writePlugin(page: string, { evidenceFolder }: SuiteContext): Promise<string> {
  const folder = join(evidenceFolder, "plugin");
  await mkdir(folder, { recursive: true });
  const taskTypes = [...page.matchAll(/`(\{ "name": .*? \})`/g)].map(([, text = ""]) => JSON.parse(text));
  const manifest = {
    name: "flyte-agent-of-the-page",
    type: "module",
    exports: "./index.js",
    peerDependencies: { "@flyte-agent/sdk": ">=0.1 <2" },
    "flyte-agent": { manifestVersion: 1, apiVersion: 1, taskTypes },
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "index.js"), blockOf(page, "index.js"));
  return folder;
}

/** The code block after the line that names `file`. */
function blockOf(page: string, file: string): string {
  const start = page.indexOf(`\n\`${file}\`:\n`);
  const block = start < 0 ? undefined : /^```\w+\n(.*?)^```$/ms.exec(page.slice(start))?.[1];
  if (block === undefined) throw new Error(`docs/python-tasks.md shows no ${file}`);
  return block;
}
