export {
  type AgentCalls,
  type AgentHost,
  categoryKey,
  type HostState,
  type Operation,
  type TaskCategory,
} from "./host/agent-host.ts";
export { createInlineHost, fromFile, type InlineHostOptions } from "./host/inline-host.ts";
export { createLog, type LogOptions, type RuntimeLog } from "./log/create-log.ts";
export type { AgentRegistry, RegisteredAgent } from "./registry/registry.ts";
export { createSecrets, type SecretPlaces } from "./secrets/create-secrets.ts";
export { createRuntime, type Runtime, type RuntimeOptions } from "./server/create-runtime.ts";
export { type AgentServer, type ServerOptions, startServer } from "./server/start-server.ts";
export { createPortListener, type PortListener, type PortListenerOptions } from "./transport/port-listener.ts";
