import { basename } from "node:path";
import { ConnectError, type Transport } from "@connectrpc/connect";
import { parseTaskFile, runTask, type TaskProgress, type TaskResult, type TaskToRun } from "@flyte-agent/client";
import { exactNumbers, toJson } from "@flyte-agent/sdk";
import { stringify } from "yaml";
import { endpointTransport } from "../endpoint/endpoint-transport.ts";
import { networkWarnings } from "../network/network-warnings.ts";
import { loadPlan, type PlanFlags } from "../plan/load-plan.ts";
import { phaseText } from "../print/phase-text.ts";
import { oneLine, type Terminal } from "../print/terminal.ts";
import { exitCodes } from "../process/exit-codes.ts";
import { stopExitCode, watchSignals } from "../process/watch-signals.ts";
import { watchStrayErrors } from "../process/watch-stray-errors.ts";
import { localSentence } from "../run/local-sentence.ts";
import { startLocalServer } from "../run/local-server.ts";
import { createProgressLines, type ProgressLines, seconds } from "../run/progress-lines.ts";
import { readInputFile } from "../run/read-input-file.ts";
import { readInputs } from "../run/read-inputs.ts";
import { createRunLog } from "../run/run-log.ts";

/** Flags of `run`. */
export interface RunFlags extends PlanFlags {
  /** The file that holds the task. */
  readonly file: string;
  /** `--endpoint`, the base address of a server. */
  readonly endpoint: string | undefined;
  /** `--inputs` */
  readonly inputsFile: string | undefined;
  /** `--input` */
  readonly inputs: readonly string[];
  readonly flyte: 1 | 2;
  readonly outputPrefix: string | undefined;
  readonly timeoutMs: number | undefined;
  readonly logLevel: string | undefined;
  readonly json: boolean;
}

/** Runs one task to its end. Progress goes to standard error, the outputs to standard output. */
export async function run(flags: RunFlags, terminal: Terminal): Promise<number> {
  const inputs = await readInputs(flags.inputsFile, flags.inputs);
  const task = parseTaskFile(await readInputFile(flags.file), basename(flags.file), inputs);
  const lines = createProgressLines(terminal.err);
  const cancel = new AbortController();
  const signals = watchSignals();
  const interrupted = signals.first.then((signal) => {
    lines.say("stopping: the job is deleted; a second Ctrl-C ends at once");
    cancel.abort();
    return signal;
  });
  let isBroken = false;
  const onUncaught = (): void => {
    isBroken = true;
    cancel.abort();
  };
  try {
    const running = runOn(flags, task, { lines, terminal, signal: cancel.signal, onUncaught });
    const outcome = await Promise.race([running, signals.second]);
    lines.end();
    if (typeof outcome === "string") return stopExitCode(outcome);
    printResult(outcome, flags, terminal);
    if (isBroken) return exitCodes.failed;
    if (outcome.stopped?.reason === "cancelled") return stopExitCode(await interrupted);
    return outcome.phase === "succeeded" ? exitCodes.ok : exitCodes.failed;
  } finally {
    lines.end();
    signals.end();
  }
}

async function runOn(
  flags: RunFlags,
  task: TaskToRun,
  {
    lines,
    terminal,
    signal,
    onUncaught,
  }: {
    readonly lines: ProgressLines;
    readonly terminal: Terminal;
    readonly signal: AbortSignal;
    /** The plugin has thrown where nobody catches it. */
    readonly onUncaught: () => void;
  },
): Promise<TaskResult> {
  const { flyte, outputPrefix, timeoutMs, endpoint, logLevel } = flags;
  const show = (progress: TaskProgress): void => {
    const { problem } = progress;
    const isLocal = endpoint === undefined && problem !== undefined;
    lines.show(isLocal ? { ...progress, problem: localSentence(problem) } : progress);
  };
  const runWith = (transport: Transport): Promise<TaskResult> =>
    runTask(transport, task, { flyte, outputPrefix, timeoutMs, signal, onProgress: show });
  for (const warning of networkWarnings(process, false)) lines.say(`warning: ${warning}`);
  if (endpoint !== undefined) {
    const server = endpointTransport(endpoint);
    try {
      return await server.reached(runWith(server.transport));
    } finally {
      server.close();
    }
  }
  const log = createRunLog(logLevel, terminal.err);
  const planned = await loadPlan(flags);
  for (const warning of [...planned.config.warnings, ...planned.plan.warnings]) lines.say(`warning: ${warning}`);
  const strayErrors = watchStrayErrors({ plan: planned.plan, log });
  void strayErrors.uncaught.then(onUncaught);
  try {
    const local = await startLocalServer(planned, task.category, { log, signal });
    try {
      return await inLocalWords(runWith(local.transport));
    } finally {
      await local.close();
    }
  } finally {
    strayErrors.end();
  }
}

async function inLocalWords(running: Promise<TaskResult>): Promise<TaskResult> {
  try {
    const result = await running;
    return { ...result, message: localSentence(result.message) };
  } catch (reason) {
    if (reason instanceof ConnectError) throw new ConnectError(localSentence(reason.rawMessage), reason.code);
    throw reason;
  }
}

function printResult(result: TaskResult, { json }: RunFlags, { out, err }: Terminal): void {
  const { phase, message, outputs, logLinks, customInfo, errorCode, elapsedMs } = result;
  const plain = outputs === undefined ? undefined : toJson(outputs);
  if (json) {
    const ended = { phase, message, outputs: plain, logLinks, customInfo, errorCode, elapsedMs: Math.round(elapsedMs) };
    out.line(JSON.stringify({ ...ended, stopped: result.stopped }, exactNumbers, 2));
    return;
  }
  const text = endOf(result);
  const style = phase === "succeeded" ? "green" : "red";
  err.line(`${err.paint(style, phaseText(phase))} after ${seconds(elapsedMs)}${text === "" ? "" : `: ${text}`}`);
  if (plain !== undefined && Object.keys(outputs ?? {}).length > 0) out.write(stringify(plain, { lineWidth: 0 }));
}

function endOf({ stopped, message, phase, outputs, errorCode }: TaskResult): string {
  if (stopped === undefined) {
    const written =
      phase === "succeeded" && outputs === undefined ? "its outputs were written to the output prefix" : "";
    const code = errorCode === "" || message.includes(errorCode) ? "" : `[${errorCode}]`;
    return oneLine(`${message} ${code}`.trim()) || written;
  }
  const why = stopped.reason === "timeout" ? "the time is up" : "interrupted";
  switch (stopped.job.kind) {
    case "none":
      return `${why}; there is no job to delete`;
    case "deleted":
      return `${why}; its job was deleted`;
    case "not-deleted":
      return `${why}; its job could not be deleted: ${oneLine(stopped.job.problem)}`;
  }
}
