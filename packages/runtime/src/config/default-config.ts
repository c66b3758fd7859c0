import type { InputsConfig, LimitsConfig, LogConfig, PluginsConfig, ServerConfig } from "./resolved-config.ts";

/** The values of everything that nobody set. */
export const defaultConfig: {
  readonly server: ServerConfig;
  readonly log: LogConfig;
  readonly plugins: PluginsConfig;
  readonly inputs: InputsConfig;
  readonly limits: LimitsConfig;
} = {
  server: {
    host: "::",
    port: 8000,
    prometheusPort: 9090,
    maxMessageBytes: 16 * 1024 * 1024,
    maxJsonBytes: 1024 * 1024,
    unaryLane: true,
    maxConcurrentStreams: 1000,
    drainTimeoutMs: 30_000,
    tls: undefined,
    cors: { origins: [] },
  },
  log: { level: "info", format: "auto" },
  plugins: {
    discovery: "auto",
    list: [],
    allow: [],
    deny: [],
    disabled: [],
    optional: [],
    routes: {},
    onFailure: "degrade",
  },
  inputs: {
    maxLiterals: 500_000,
    // Whoever may call the server could otherwise have it read whatever its credentials can read.
    offloaded: { allow: [], maxBytes: 64 * 1024 * 1024 },
  },
  limits: {
    // Flyte keeps a task in one object of its own, which etcd takes up to 1.5 MiB.
    maxTemplateBytes: 1024 * 1024,
    maxJobBytes: 4096,
    // FlytePropeller's client keeps gRPC's default limit for what it receives.
    maxAnswerBytes: 4 * 1024 * 1024,
  },
};
