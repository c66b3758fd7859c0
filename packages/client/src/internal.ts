// For the test kit, published as "@flyte-agent/client/internal" and outside semantic versioning.
export { executionMetadata } from "./execution-metadata.ts";
export { createFlyte1TaskClient } from "./flyte1-task-client.ts";
export { createFlyte2TaskClient } from "./flyte2-task-client.ts";
export type { RunningJob, StartedTask, TaskClient } from "./task-client.ts";
export type { TaskState } from "./task-state.ts";
