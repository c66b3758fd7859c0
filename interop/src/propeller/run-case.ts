import { join } from "node:path";
import { runProgram } from "../run-program.ts";
import type { CaseResult, SuiteContext } from "../suite.ts";
import type { PeerCase } from "./peer-cases.ts";

const fixtures = join(import.meta.dirname, "../../fixtures/flytekit-1.16.31");

/** By SIGTERM, by SIGKILL, or by SIGTERM and then with the certificate that the case wrote. */
export type RestartKind = "restart" | "kill" | "tls";

/** What a case runs against. */
export interface CaseServers {
  /** Port of the server. */
  readonly endpoint: number;
  /** Port of the second deployment. */
  readonly canary: number;
  readonly storeFolder: string;
  /** Restarts the server when the case asks for it. */
  readonly restart?: (how: RestartKind) => Promise<void>;
}

/** One line that a case prints. */
interface Step {
  readonly step: string;
  /** Of the step `ask`: a {@link RestartKind}. */
  readonly details: unknown;
}

/** Runs one case as a program of its own, with its transcript beside its output. */
export async function runCase(
  { row, command }: PeerCase,
  { endpoint, canary, storeFolder, restart }: CaseServers,
  { evidenceFolder, signal }: SuiteContext,
): Promise<CaseResult> {
  const file = join(evidenceFolder, row.name.replaceAll(/[^a-z0-9]+/g, "-"));
  const flags = [
    ...["-endpoint", `127.0.0.1:${endpoint}`, "-canary", `127.0.0.1:${canary}`],
    ...["-store", storeFolder, "-fixtures", fixtures, "-transcript", `${file}.transcript.jsonl`],
  ];
  let lastStep: Step | undefined;
  let restarting = Promise.resolve();
  const { code, stderr } = await runProgram([...command, ...flags], {
    signal,
    logFile: `${file}.log`,
    onLine: (line) => {
      const step = parseStep(line);
      if (step === undefined) return;
      lastStep = step;
      if (step.step === "ask" && restart !== undefined) {
        restarting = restart(step.details as RestartKind);
        // Its failure is told when the case has ended.
        restarting.catch(() => {});
      }
    },
  });
  await restarting;
  if (code === 0) return { kind: "passed" };
  const reason = lastStep?.step === "failed" ? String(lastStep.details) : lastLines(stderr);
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

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-5).join(" ");
}
