export { parseTaskDescription } from "./parse-task-description.ts";
export { parsePlainText, parseTaskFile } from "./parse-task-file.ts";
export {
  type RunTaskOptions,
  runTask,
  type StoppedJob,
  type TaskProgress,
  type TaskResult,
} from "./run-task.ts";
export type { StopReason } from "./stop-signal.ts";
export type { TaskCategory } from "./task-category.ts";
export type { TaskToRun } from "./task-to-run.ts";
