import { join } from "node:path";
import { runProgram } from "../harness/run-program.ts";
import type { CaseResult, SuiteContext } from "../harness/suite.ts";
import type { PeerCase } from "./peer-cases.ts";
import type { ServerAction } from "./restartable-server.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/flytekit-1.16.31");

/** What a case runs against. */
export interface CaseServers {
  /** Port of the server. */
  readonly endpoint: number;
  /** Port of the second deployment. */
  readonly canary: number;
  readonly storeFolder: string;
  /** Does what the case asks for; it is not there where cases share their server. */
  readonly act?: (action: ServerAction) => Promise<void>;
}

/** One line that a case prints. */
interface Step {
  readonly step: string;
  /** Of the step `ask`: a {@link ServerAction}. */
  readonly details: unknown;
}

/** Runs one case as a program of its own, with its transcript beside its output. */
export async function runCase(
  { row, command }: PeerCase,
  { endpoint, canary, storeFolder, act }: CaseServers,
  { evidenceFolder, signal }: SuiteContext,
): Promise<CaseResult> {
  const file = join(evidenceFolder, row.name.replaceAll(/[^a-z0-9]+/g, "-"));
  const flags = [
    ...["-endpoint", `127.0.0.1:${endpoint}`, "-canary", `127.0.0.1:${canary}`],
    ...["-store", storeFolder, "-fixtures", fixtures, "-transcript", `${file}.transcript.jsonl`],
  ];
  let lastStep: Step | undefined;
  let acting = Promise.resolve();
  const { code, stderr } = await runProgram([...command, ...flags], {
    signal,
    logFile: `${file}.log`,
    onLine: (line) => {
      const step = parseStep(line);
      if (step === undefined) return;
      lastStep = step;
      if (step.step === "ask" && act !== undefined) {
        acting = acting.then(() => act(step.details as ServerAction));
        // Its failure is told when the case has ended.
        acting.catch(() => {});
      }
    },
  });
  await acting;
  if (code === 0) return { kind: "passed" };
  const reason = lastStep?.step === "failed" ? String(lastStep.details) : crashIn(stderr);
  return { kind: "failed", reason: `${reason} (exit code ${code}; see ${file}.log)` };
}

function parseStep(line: string): Step | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    // Printed by our own programs.
    return JSON.parse(line) as Step;
  } catch {
    return undefined;
  }
}

// Go prints the reason of a crash before the stacks of its goroutines, Python after the stack.
function crashIn(stderr: string): string {
  const lines = stderr.trimEnd().split("\n");
  return lines.find((line) => /^(panic|fatal error): /.test(line)) ?? lines.slice(-5).join(" ");
}
