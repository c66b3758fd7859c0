import { setTimeout as delay } from "node:timers/promises";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import {
  type Execution,
  type FlyteValue,
  isTerminal,
  type JsonObject,
  type LogLink,
  type Phase,
} from "@flyte-agent/sdk";
import { readOutputs } from "@flyte-agent/sdk/host";
import { executionMetadata } from "./execution-metadata.ts";
import { createFlyte1TaskClient } from "./flyte1-task-client.ts";
import { createFlyte2TaskClient } from "./flyte2-task-client.ts";
import { type StopReason, type StopSignal, startStopSignal } from "./stop-signal.ts";
import type { StartedJob, StartedTask, TaskClient } from "./task-client.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskToRun } from "./task-to-run.ts";

/** How a task is run. */
export interface RunTaskOptions {
  /** The generation of Flyte to call as. */
  readonly flyte: 1 | 2;
  /** Aborts to stop the run: the job is deleted, and the result says so. */
  readonly signal?: AbortSignal | undefined;
  /** Told after each answer, and of each poll that failed and will be repeated. */
  readonly onProgress?: ((progress: TaskProgress) => void) | undefined;
  /** Who the task runs for. @default an execution of its own in project `local` */
  readonly execution?: Partial<Execution>;
  /** Where the outputs go, without a trailing slash. @default "" */
  readonly outputPrefix?: string | undefined;
  /** Stops the run after so many milliseconds. @default never */
  readonly timeoutMs?: number | undefined;
  /** How the agent is called. @default as ListAgents says; always async for Flyte 2 */
  readonly mode?: "sync" | "async" | undefined;
}

/** Where a run is. */
export interface TaskProgress {
  /** The last known phase; `undefined` before the first answer. */
  readonly phase: Phase | undefined;
  /** The agent's own words. */
  readonly message: string;
  /** What the agent links to. */
  readonly logLinks: readonly LogLink[];
  /** Since the run began, in milliseconds. */
  readonly elapsedMs: number;
  /** Why the last poll failed; it will be repeated. */
  readonly problem: string | undefined;
}

/** How a run ended. */
export interface TaskResult {
  /** A terminal phase; `aborted` if the run was stopped. */
  readonly phase: Phase;
  /** The agent's own words. */
  readonly message: string;
  /** By name; `undefined` if the task did not succeed, or wrote them under the output prefix. */
  readonly outputs: Readonly<Record<string, FlyteValue>> | undefined;
  /** What the agent links to. */
  readonly logLinks: readonly LogLink[];
  /** Facts of the agent's, `undefined` if it told none. */
  readonly customInfo: JsonObject | undefined;
  /** A short error code, `""` for none. */
  readonly errorCode: string;
  /** `resource_meta`; `undefined` of a task that was executed in one call. */
  readonly job: Uint8Array | undefined;
  /** Of the whole run, in milliseconds. */
  readonly elapsedMs: number;
  /** Set if the run was stopped before the task ended. */
  readonly stopped: { readonly reason: StopReason; readonly job: StoppedJob } | undefined;
}

/** What became of the job of a stopped run. */
export type StoppedJob =
  /** The run was stopped before there was one, or the task was executed in one call, which was cancelled. */
  { readonly kind: "none" } | { readonly kind: "deleted" } | { readonly kind: "not-deleted"; readonly problem: string };

const callTimeoutMs = 60_000;
const deleteTimeoutMs = 10_000;
const firstPauseMs = 200;
const longestPauseMs = 5_000;
const failedPollsInRow = 5;

// What a server that restarts or is busy answers.
const transientCodes = [Code.Unavailable, Code.DeadlineExceeded, Code.ResourceExhausted, Code.Aborted];

/**
 * Runs one task to its end over the real protocol: ExecuteTaskSync for a sync agent, else CreateTask and GetTask until
 * a terminal phase, polling fast at first and then slower. A job whose run ends otherwise is deleted.
 *
 * @throws ConnectError if the server cannot be reached or refuses; a task that fails is no error.
 */
export async function runTask(transport: Transport, task: TaskToRun, options: RunTaskOptions): Promise<TaskResult> {
  const client = options.flyte === 1 ? createFlyte1TaskClient(transport) : createFlyte2TaskClient(transport);
  const startMs = performance.now();
  // Flyte 1 ends a task after its time itself. In Flyte 2 nobody does, and agents may.
  const taskTimeoutMs = options.flyte === 1 ? task.timeoutMs : undefined;
  const stop = startStopSignal({ ...options, taskTimeoutMs });
  const started: StartedTask = {
    ...task,
    metadata: executionMetadata(options.execution ?? {}),
    outputPrefix: options.outputPrefix ?? "",
  };
  const elapsedMs = (): number => performance.now() - startMs;
  let last: TaskState | undefined;

  function report(state: TaskState | undefined, problem?: string): void {
    last = state ?? last;
    const { phase, message = "", logLinks = [] } = last ?? {};
    options.onProgress?.({ phase, message, logLinks, elapsedMs: elapsedMs(), problem });
  }

  function ended(state: TaskState, job: Uint8Array | undefined): TaskResult {
    const outputs =
      state.phase === "succeeded" && state.outputs !== undefined
        ? readOutputs(state.outputs, task.outputTypes)
        : undefined;
    return { ...state, outputs, job, elapsedMs: elapsedMs(), stopped: undefined };
  }

  function stoppedResult(reason: StopReason, job: Uint8Array | undefined, fate: StoppedJob): TaskResult {
    return {
      phase: "aborted",
      message: "",
      outputs: undefined,
      logLinks: last?.logLinks ?? [],
      customInfo: last?.customInfo,
      errorCode: "",
      job,
      elapsedMs: elapsedMs(),
      stopped: { reason, job: fate },
    };
  }

  let job: StartedJob | undefined;
  try {
    if (await calledSync(client, task, options, stop)) {
      const state = await client.execute(started, { signal: stop.signal, timeoutMs: callTimeoutMs });
      report(state);
      return ended(asSyncAnswer(state), undefined);
    }
    job = { ...started, job: await client.create(started, { signal: stop.lateSignal, timeoutMs: callTimeoutMs }) };
    const state = await pollToEnd(client, job, stop.signal, report);
    return ended(state, job.job);
  } catch (reason) {
    const fate = job === undefined ? noJob : await deleteJob(client, job);
    if (stop.reason === "task-timeout") {
      if (fate.kind === "not-deleted") report(undefined, `its job could not be deleted: ${fate.problem}`);
      return { ...stoppedResult(stop.reason, job?.job, fate), ...timedOut(task.timeoutMs), stopped: undefined };
    }
    if (stop.reason !== undefined) return stoppedResult(stop.reason, job?.job, fate);
    if (fate.kind === "not-deleted") report(undefined, `its job could not be deleted: ${fate.problem}`);
    throw reason;
  } finally {
    stop.end();
  }
}

const noJob: StoppedJob = { kind: "none" };

// FlytePropeller's own code for it; another attempt is made if the task has retries left.
function timedOut(timeoutMs = 0): Pick<TaskResult, "phase" | "message" | "errorCode"> {
  const message = `the task was still running after ${timeoutMs / 1000} s, the time that its metadata.timeout allows`;
  return { phase: "retryable_failed", message, errorCode: "TimeoutExpired" };
}

async function calledSync(
  client: TaskClient,
  { category }: TaskToRun,
  { flyte, mode }: RunTaskOptions,
  stop: StopSignal,
): Promise<boolean> {
  if (flyte === 2 || mode !== undefined) return flyte === 1 && mode === "sync";
  try {
    return await client.isSync(category, { signal: stop.signal, timeoutMs: callTimeoutMs });
  } catch (reason) {
    // A server without the metadata service serves async agents only, as far as Flyte is concerned.
    if (ConnectError.from(reason).code === Code.Unimplemented) return false;
    throw reason;
  }
}

async function pollToEnd(
  client: TaskClient,
  job: StartedJob,
  signal: AbortSignal,
  report: (state: TaskState | undefined, problem?: string) => void,
): Promise<TaskState> {
  let failedPolls = 0;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(longestPauseMs, pauseMs * 1.5)) {
    signal.throwIfAborted();
    try {
      const state = await client.get(job, { signal, timeoutMs: callTimeoutMs });
      failedPolls = 0;
      report(state);
      if (isTerminal(state.phase)) return state;
    } catch (reason) {
      const { code, rawMessage } = ConnectError.from(reason);
      failedPolls += 1;
      if (signal.aborted || failedPolls > failedPollsInRow || !transientCodes.includes(code)) throw reason;
      report(undefined, rawMessage);
    }
    await delay(pauseMs, undefined, { signal });
  }
}

async function deleteJob(client: TaskClient, job: StartedJob): Promise<StoppedJob> {
  try {
    await client.delete(job, { timeoutMs: deleteTimeoutMs });
    return { kind: "deleted" };
  } catch (reason) {
    return { kind: "not-deleted", problem: ConnectError.from(reason).rawMessage };
  }
}

// FlytePropeller would poll a job that does not exist, for ever.
function asSyncAnswer(state: TaskState): TaskState {
  if (isTerminal(state.phase)) return state;
  return { ...state, phase: "failed", message: `the sync agent answered ${state.phase}, which is no end of a task` };
}
