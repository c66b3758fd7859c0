import type { FlyteValue, JsonObject, LogLine, LogLink, Metric, MetricsQuery, Phase } from "@flyte-agent/sdk";
import type { TaskDescription } from "./task-description.ts";

/** What every call may say. */
export interface CallOptions {
  /** The generation of Flyte that calls. @default 1 */
  readonly flyte?: 1 | 2;
  /** The caller's deadline. @default 10_000 */
  readonly timeoutMs?: number;
  /** Cancels the call, as a caller does that goes away. */
  readonly signal?: AbortSignal;
}

/** Which attempt of which task a call is for. Equal ones are one attempt, which Flyte may repeat. */
export interface ExecutionOptions {
  /** @default "flytesnacks" */
  readonly project?: string;
  /** @default "development" */
  readonly domain?: string;
  /** Name of the workflow execution (Flyte 1) or run (Flyte 2). @default another one for each call */
  readonly name?: string;
  /** Node of the workflow (Flyte 1) or action (Flyte 2). @default "n0" in Flyte 1, "a0" in Flyte 2 */
  readonly nodeId?: string;
  /** 0 for the first attempt. */
  readonly attempt?: number;
  /** Kubernetes labels of the execution. @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** Kubernetes service account to act as. @default "", the default one */
  readonly serviceAccount?: string;
}

/** What a call that starts a task may say. */
export interface StartOptions extends CallOptions {
  /** Which attempt it is. @default another execution for each call */
  readonly execution?: ExecutionOptions;
  /** Where outputs go. @default made of the execution, as Flyte does */
  readonly outputPrefix?: string;
}

/** What a poll may say. */
export interface GetOptions extends CallOptions {
  /** @default the one that the job was created with, if this host created it */
  readonly outputPrefix?: string;
}

/** What `run` may say; `timeoutMs` is that of each call. */
export interface RunOptions extends StartOptions {
  /** How long the task may take. @default 10_000 */
  readonly endsWithinMs?: number;
}

/** Which page of a log is wanted. */
export interface LogsOptions extends CallOptions {
  /** At most so many lines. @default 0, which leaves it to the agent */
  readonly lines?: number;
  /** What the page before answered as `nextToken`. @default "", the first page */
  readonly token?: string;
}

/** Which metrics are wanted. */
export interface MetricsOptions extends CallOptions, Partial<MetricsQuery> {}

/** A task type, or a category if the plugin serves several versions of it. */
export type TaskTypeOrCategory = string | { readonly name: string; readonly version: number };

/** What Flyte hears of a job or of a synchronous task. */
export interface TestResource {
  /** What Flyte makes of the answer. */
  readonly phase: Phase;
  /** What Flyte shows to the workflow's author. */
  readonly message: string;
  /** What the Flyte console links to. */
  readonly logLinks: readonly LogLink[];
  /**
   * By output name, read by their declared types; `undefined` if the answer has none, because the task did not succeed
   * or wrote them under the output prefix.
   */
  readonly outputs: Readonly<Record<string, FlyteValue>> | undefined;
  /** Whatever the agent says beside; `undefined` if there is nothing. */
  readonly customInfo: JsonObject | undefined;
  /** `""` for none, and always in Flyte 2, which has no error codes. */
  readonly errorCode: string;
}

/** A page of a job's log as Flyte gets it. */
export interface TestLogPage {
  /** In the order in which they were written. */
  readonly lines: readonly LogLine[];
  /** `""` on the last page. */
  readonly nextToken: string;
}

/** A line of the server's log, the plugin's own included. */
export interface LogRecord extends Readonly<Record<string, unknown>> {
  /** `debug`, `info`, `warn` or `error`. */
  readonly level: string;
  /** What was written. */
  readonly message: string;
}

/**
 * A plugin that is served in memory, and the callers of both generations of Flyte. Calls go through Flyte's own
 * messages and the server's whole way, only without a network. Each rejects with a ConnectError, as a gRPC client sees it.
 */
export interface TestHost extends AsyncDisposable {
  /** ExecuteTaskSync of Flyte 1. Flyte 2 has no such call: `run` takes the way that it takes. */
  do(task: TaskDescription, options?: StartOptions & { readonly flyte?: 1 }): Promise<TestResource>;
  /** CreateTask. @returns `resource_meta`. */
  create(task: TaskDescription, options?: StartOptions): Promise<Uint8Array>;
  /** GetTask. */
  get(taskType: TaskTypeOrCategory, job: Uint8Array, options?: GetOptions): Promise<TestResource>;
  /** DeleteTask. */
  delete(taskType: TaskTypeOrCategory, job: Uint8Array, options?: CallOptions): Promise<void>;
  /** GetTaskLogs, one page. */
  logs(taskType: TaskTypeOrCategory, job: Uint8Array, options?: LogsOptions): Promise<TestLogPage>;
  /** GetTaskMetrics. */
  metrics(taskType: TaskTypeOrCategory, job: Uint8Array, options?: MetricsOptions): Promise<readonly Metric[]>;
  /** Runs a task to its end the way Flyte does: in one call if Flyte 1 calls a sync agent, else by polling a job. */
  run(task: TaskDescription, options?: RunOptions): Promise<TestResource>;
  /** All lines so far, of every level. */
  readonly logRecords: readonly LogRecord[];
  /** Closes the plugin. Throws if calls are still open, if a handler still runs, or if the plugin's `dispose` failed. */
  [Symbol.asyncDispose](): Promise<void>;
}
