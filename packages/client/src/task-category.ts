/** Flyte's key for who serves a task: `flyteidl.admin.TaskCategory`. */
export interface TaskCategory {
  /** The task type, for example `webhook`. */
  readonly name: string;
  /** 0 unless an agent serves several versions of the task type. */
  readonly version: number;
}
