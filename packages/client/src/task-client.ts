import type { CallOptions } from "@connectrpc/connect";
import type { LogLine, Metric, MetricsQuery } from "@flyte-agent/sdk";
import type { TaskCategory } from "./task-category.ts";
import type { TaskState } from "./task-state.ts";
import type { TaskToRun } from "./task-to-run.ts";

/** A task with what Flyte adds when it starts one. */
export interface StartedTask extends TaskToRun {
  /** Encoded `TaskExecutionMetadata`, the same for both generations. */
  readonly metadata: Uint8Array;
  /** Without a trailing slash; `""` for none. */
  readonly outputPrefix: string;
}

/** A job that is asked about. */
export interface RunningJob {
  readonly category: TaskCategory;
  /** `resource_meta`. */
  readonly job: Uint8Array;
}

/** A job that is polled. */
export interface StartedJob extends RunningJob {
  readonly outputPrefix: string;
}

/** Which page of a log is wanted. */
export interface LogsRequest {
  /** How many lines at most; 0 leaves it to the agent. */
  readonly lines: number;
  /** Where it starts, `""` at the beginning. */
  readonly token: string;
}

/** A page of a job's log. */
export interface LogsPage {
  readonly lines: readonly LogLine[];
  /** Where the next page starts, `""` on the last one. */
  readonly nextToken: string;
}

/** Calls agents the way one generation of Flyte does. Every method rejects with ConnectErrors. */
export interface TaskClient {
  /** Whether the task type is to be executed in one call. */
  isSync(category: TaskCategory, options: CallOptions): Promise<boolean>;
  execute(task: StartedTask, options: CallOptions): Promise<TaskState>;
  /** Starts a job and gives its `resource_meta`. */
  create(task: StartedTask, options: CallOptions): Promise<Uint8Array>;
  get(job: StartedJob, options: CallOptions): Promise<TaskState>;
  delete(job: RunningJob, options: CallOptions): Promise<void>;
  logs(job: RunningJob, page: LogsRequest, options: CallOptions): Promise<LogsPage>;
  metrics(job: RunningJob, query: MetricsQuery, options: CallOptions): Promise<readonly Metric[]>;
}
