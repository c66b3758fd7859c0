export { decodePackedAnswer } from "./calls/packed-answer.ts";
export type { ConfigFile } from "./config/config-file.ts";
export { defaultConfig } from "./config/default-config.ts";
export { configFileNames } from "./config/find-config-file.ts";
export { type ConfigSources, loadConfig } from "./config/load-config.ts";
export { pluginOptions } from "./config/plugin-options.ts";
export type {
  DiscoveryMode,
  InputsConfig,
  LimitsConfig,
  LogConfig,
  LogFormat,
  LogLevel,
  OnFailure,
  PluginsConfig,
  ResolvedConfig,
  ServerConfig,
  TlsConfig,
} from "./config/resolved-config.ts";
export { type ConfigFlags, flagProperty } from "./config/setting-layer.ts";
export { configFileVariable, type Setting, settings } from "./config/settings.ts";
export type { DeclaredAgent, DeclaredPermissions, Manifest } from "./discovery/manifest.ts";
export {
  findPackageManager,
  type PackageCommands,
  type PackageManager,
  packageCommands,
} from "./discovery/package-commands.ts";
export { type ManifestResult, manifestKey, readManifest } from "./discovery/read-manifest.ts";
export { type AppRoot, findAppRoot } from "./files/find-app-root.ts";
export type { AgentHost, HostState } from "./host/agent-host.ts";
export { createPluginHost, type PluginHostOptions } from "./host/create-plugin-host.ts";
export { createInlineHost, fromFile, type InlineHostOptions } from "./host/inline-host.ts";
export { createLog, type LogOptions, type RuntimeLog } from "./log/create-log.ts";
export { createServerLog, type ServerLog } from "./log/create-server-log.ts";
export { prettyLine } from "./log/pretty-stream.ts";
export type { Metrics, StrayErrorKind } from "./metrics/create-metrics.ts";
export { assertNoConflicts } from "./plan/assert-no-conflicts.ts";
export { assertNoRejections } from "./plan/assert-no-rejections.ts";
export { completePlan } from "./plan/complete-plan.ts";
export { createPlan, type PlanInput } from "./plan/create-plan.ts";
export { type ExplainedCategory, type Explanation, explain } from "./plan/explain.ts";
export type {
  Candidate,
  CandidateSource,
  Plan,
  PlanConflict,
  PlanEntry,
  PlanStep,
  Refusal,
  Verdict,
  VerdictCode,
} from "./plan/plan.ts";
export { withFix } from "./plan/with-fix.ts";
export type { AgentRegistry, RegisteredAgent } from "./registry/registry.ts";
export { type AgentCalls, categoryKey, type Operation, type TaskCategory } from "./seam/agent-calls.ts";
export { createSecrets, type SecretPlaces } from "./secrets/create-secrets.ts";
export { type SecretPlace, secretPlace } from "./secrets/secret-places.ts";
export { type ServerTimings, serverTimings } from "./server/server-timings.ts";
export { type AgentServer, type ServerOptions, startServer } from "./server/start-server.ts";
