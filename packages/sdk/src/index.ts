export { definePlugin, type Plugin, type PluginSpec, type SetupContext } from "./plugin.ts";
export {
  type AsyncAgentSpec,
  defineAsyncAgent,
  defineSensor,
  defineSyncAgent,
  type SensorSpec,
  type SyncAgentSpec,
} from "./define-agent.ts";
export {
  aborted,
  type FailedResource,
  type FailureDetails,
  failed,
  initializing,
  type JsonObject,
  type JsonValue,
  type LogLink,
  type Outputs,
  queued,
  type Resource,
  type ResourceDetails,
  retryableFailure,
  running,
  type SucceededResource,
  succeeded,
  type UnfinishedResource,
  waitingForResources,
  writtenToOutputPrefix,
} from "./resource.ts";
export type {
  Agent,
  AgentIdentity,
  AsyncAgent,
  LogLine,
  LogPage,
  LogPageResult,
  Metric,
  MetricsQuery,
  Sensor,
  SyncAgent,
} from "./agent.ts";
export type { CallContext, CreateContext, Execution, GetContext } from "./context.ts";
export type { Log, LogFields } from "./log.ts";
export type { Secrets } from "./secrets.ts";
export type {
  ContainerTarget,
  Literal,
  LiteralType,
  PodTarget,
  SecretRequest,
  SqlTarget,
  Task,
  TaskId,
  TaskTemplate,
} from "./task.ts";
export {
  type BlobValue,
  type ChosenValue,
  type ErrorValue,
  type FlyteOutput,
  type FlyteValue,
  float,
  int,
  type OpaqueValue,
  type SchemaValue,
  type StructuredDatasetValue,
} from "./literals/flyte-value.ts";
export type { Duration } from "./literals/duration.ts";
export type { Instant } from "./literals/instant.ts";
export { AgentError, type AgentErrorCode, agentErrorCodes, isAgentError } from "./agent-error.ts";
export { invalidInput, invalidTask, secretNotFound, vendorRefused, vendorUnavailable } from "./errors.ts";
export { isTerminal, type Phase } from "./phase.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
