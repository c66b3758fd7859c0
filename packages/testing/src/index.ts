export type { ContractJob, ContractSubject } from "./contract/contract-subject.ts";
export { describeAgentContract } from "./contract/describe-agent-contract.ts";
export { createTestHost } from "./create-test-host.ts";
export type { ManifestSource } from "./declared-manifest.ts";
export type { TestHostOptions } from "./serve-plugin.ts";
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
