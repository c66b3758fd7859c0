import "./assert-node-version.ts";
import type { describeAgentContract as DescribeAgentContract } from "./contract/describe-agent-contract.ts";
import type { createTestHost as CreateTestHost } from "./create-test-host.ts";

export type { ContractJob, ContractSubject } from "./contract/contract-subject.ts";
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
export type { TestHostOptions } from "./test-host-options.ts";

// Imported when the Node is known to be new enough: an older one fails while it links what names exports of its modules that it lacks.
const [host, contract] = await Promise.all([
  import("./create-test-host.ts"),
  import("./contract/describe-agent-contract.ts"),
]);

/** Serves a plugin in memory. @throws Error if the plugin cannot be set up: wrong options, a wrong manifest, or an error of its own. */
export const createTestHost: typeof CreateTestHost = host.createTestHost;

/** Registers the tests that every plugin runs, in both generations of Flyte. Those that do not apply are not registered. */
export const describeAgentContract: typeof DescribeAgentContract = contract.describeAgentContract;
