import type { CallOptions } from "@connectrpc/connect";
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
export interface StartedJob {
  readonly category: TaskCategory;
  /** `resource_meta`. */
  readonly job: Uint8Array;
  readonly outputPrefix: string;
}

/** Calls agents the way one generation of Flyte does. Every method rejects with ConnectErrors. */
export interface TaskClient {
  /** Whether the task type is to be executed in one call. */
  isSync(category: TaskCategory, options: CallOptions): Promise<boolean>;
  execute(task: StartedTask, options: CallOptions): Promise<TaskState>;
  /** Starts a job and gives its `resource_meta`. */
  create(task: StartedTask, options: CallOptions): Promise<Uint8Array>;
  get(job: StartedJob, options: CallOptions): Promise<TaskState>;
  delete(job: StartedJob, options: CallOptions): Promise<void>;
}
