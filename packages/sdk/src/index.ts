export type {
  BlobValue,
  ErrorValue,
  ExternalSchema,
  FlyteOutput,
  FlyteValue,
  JsonObject,
  JsonValue,
  Literal,
  LiteralType,
  OpaqueBytes,
  OpaqueFile,
  OpaqueValue,
  SchemaColumn,
  SchemaValue,
  StructuredDatasetValue,
  TableColumn,
} from "@flyte-agent/literals";
export {
  type ChosenValue,
  type DeclaredTypes,
  type Duration,
  type DurationParts,
  describeType,
  directory,
  duration,
  file,
  float,
  type Instant,
  instant,
  int,
  type SchemaDetails,
  schema,
  structuredDataset,
  type TableDetails,
  type TaggedDetails,
  types,
  variant,
  withHash,
} from "@flyte-agent/literals";
export type {
  Agent,
  AgentIdentity,
  AsyncAgent,
  JobReaders,
  LogLine,
  LogPage,
  LogPageResult,
  Metric,
  MetricsQuery,
  Sensor,
  SyncAgent,
} from "./agent.ts";
export { AgentError, type AgentErrorCode, agentErrorCodes, isAgentError } from "./agent-error.ts";
export { checkCustom } from "./check-custom.ts";
export { type Concealer, type ConcealerOptions, concealed, createConcealer } from "./conceal/concealer.ts";
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
export type { Log, LogFields } from "./log.ts";
export { networkReason } from "./network-reason.ts";
export { isTerminal, type Phase } from "./phase.ts";
export { definePlugin, type Plugin, type PluginSpec, type SetupContext } from "./plugin.ts";
export {
  aborted,
  type FailedResource,
  type FailureDetails,
  failed,
  initializing,
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
  PodTarget,
  SecretRequest,
  SqlTarget,
  Task,
  TaskId,
  TaskInputs,
  TaskTemplate,
} from "./task.ts";
export { exactNumbers } from "./text/exact-numbers.ts";
export type { RenderedValue } from "./text/literal-template-value.ts";
export { pythonText } from "./text/python-text.ts";
export { renderInputs } from "./text/render-inputs.ts";
export { toJson } from "./text/to-json.ts";
export { untilAborted } from "./until-aborted.ts";
