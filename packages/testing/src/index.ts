export { createTestHost, type TestHostOptions } from "./create-test-host.ts";
export type { ManifestSource } from "./declared-manifest.ts";
export type { TaskDescription } from "./task-description.ts";
export type {
  CallOptions,
  ExecutionOptions,
  GetOptions,
  LogRecord,
  LogsOptions,
  MetricsOptions,
  RunOptions,
  StartOptions,
  TaskTypeOrCategory,
  TestHost,
  TestLogPage,
  TestResource,
} from "./test-host.ts";
