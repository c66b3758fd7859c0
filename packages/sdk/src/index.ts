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
export { AgentError, type AgentErrorCode, agentErrorCodes, isAgentError } from "./agent-error.ts";
export type { CallContext, CreateContext, Execution, GetContext } from "./context.ts";
export {
  type AsyncAgentSpec,
  defineAsyncAgent,
  defineSensor,
  defineSyncAgent,
  type SensorSpec,
  type SyncAgentSpec,
} from "./define-agent.ts";
export {
  invalidInput,
  invalidTask,
  jobNotFound,
  secretNotFound,
  vendorMisconfigured,
  vendorRefused,
  vendorUnavailable,
} from "./errors.ts";
export { type ChosenValue, float, int, variant, withHash } from "./literals/choice.ts";
export { type Duration, type DurationParts, duration } from "./literals/duration.ts";
export type {
  BlobValue,
  ErrorValue,
  ExternalSchema,
  FlyteOutput,
  FlyteValue,
  OpaqueBytes,
  OpaqueFile,
  OpaqueValue,
  SchemaColumn,
  SchemaValue,
  StructuredDatasetValue,
  TableColumn,
} from "./literals/flyte-value.ts";
export { type Instant, instant } from "./literals/instant.ts";
export {
  directory,
  file,
  type SchemaDetails,
  schema,
  structuredDataset,
  type TableDetails,
  type TaggedDetails,
} from "./literals/tagged-value.ts";
export type { Log, LogFields } from "./log.ts";
export { isTerminal, type Phase } from "./phase.ts";
export { definePlugin, type Plugin, type PluginSpec, type SetupContext } from "./plugin.ts";
export { renderInputs } from "./render-inputs.ts";
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
export type { Secrets } from "./secrets.ts";
export type { SchemaIssue, SchemaResult, StandardSchema } from "./standard-schema.ts";
export type {
  ContainerTarget,
  Literal,
  LiteralType,
  PodTarget,
  SecretRequest,
  SqlTarget,
  Task,
  TaskId,
  TaskInputs,
  TaskTemplate,
} from "./task.ts";
export type { RenderedValue } from "./text/literal-template-value.ts";
export { pythonText } from "./text/python-text.ts";
export { toJson } from "./text/to-json.ts";
