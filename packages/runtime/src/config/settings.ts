/** A single value of the configuration that a flag or an environment variable can set. */
export interface Setting {
  /** Where it stands in the configuration file. */
  readonly path: readonly [string, ...string[]];
  /** Name of the flag, without the dashes. */
  readonly flag: string;
  /** Name of the environment variable. */
  readonly env: `FLYTE_AGENT_${string}`;
  /** How the text of a flag or variable becomes a value; `list` is separated by commas. */
  readonly kind: "text" | "number" | "list";
  /** What the value is, as the help text of the flag says it. */
  readonly summary: string;
  /** The values that it can have, where they are few. */
  readonly choices?: readonly string[];
  /** Whether less is protected without it, so that a mistyped variable must not be passed over. */
  readonly protects?: true;
}

/** The name of the environment variable that names the configuration file. */
export const configFileVariable = "FLYTE_AGENT_CONFIG";

/** Every value of the configuration that a flag or an environment variable can set. */
export const settings: readonly Setting[] = [
  {
    path: ["server", "host"],
    flag: "host",
    env: "FLYTE_AGENT_HOST",
    kind: "text",
    summary: "address to listen on",
    protects: true,
  },
  {
    path: ["server", "port"],
    flag: "port",
    env: "FLYTE_AGENT_PORT",
    kind: "number",
    summary: "port of the agent services; 0 takes a free one",
  },
  {
    path: ["server", "prometheusPort"],
    flag: "prometheus-port",
    env: "FLYTE_AGENT_PROMETHEUS_PORT",
    kind: "number",
    summary: 'port of the metrics; 0 takes a free one, "off" serves none',
  },
  {
    path: ["server", "maxMessageBytes"],
    flag: "max-message-bytes",
    env: "FLYTE_AGENT_MAX_MESSAGE_BYTES",
    kind: "number",
    summary: "largest message that is read, in bytes",
  },
  {
    path: ["server", "maxConcurrentStreams"],
    flag: "max-concurrent-streams",
    env: "FLYTE_AGENT_MAX_CONCURRENT_STREAMS",
    kind: "number",
    summary: "calls that one connection may have open at a time",
  },
  {
    path: ["server", "drainTimeoutMs"],
    flag: "drain-timeout-ms",
    env: "FLYTE_AGENT_DRAIN_TIMEOUT_MS",
    kind: "number",
    summary: "how long calls may go on after SIGTERM, in milliseconds",
  },
  {
    path: ["server", "tls", "certFile"],
    flag: "tls-cert-file",
    env: "FLYTE_AGENT_TLS_CERT_FILE",
    kind: "text",
    summary: "file with the certificate chain (PEM); serves over TLS",
    protects: true,
  },
  {
    path: ["server", "tls", "keyFile"],
    flag: "tls-key-file",
    env: "FLYTE_AGENT_TLS_KEY_FILE",
    kind: "text",
    summary: "file with the private key (PEM)",
    protects: true,
  },
  {
    path: ["server", "cors", "origins"],
    flag: "cors-origins",
    env: "FLYTE_AGENT_CORS_ORIGINS",
    kind: "list",
    summary: "origins of pages that may call the server, separated by commas",
  },
  {
    path: ["log", "level"],
    flag: "log-level",
    env: "FLYTE_AGENT_LOG_LEVEL",
    kind: "text",
    summary: "how much is logged",
    choices: ["debug", "info", "warn", "error"],
  },
  {
    path: ["log", "format"],
    flag: "log-format",
    env: "FLYTE_AGENT_LOG_FORMAT",
    kind: "text",
    summary: "how the log looks; auto: pretty on a terminal",
    choices: ["auto", "json", "pretty"],
  },
  {
    path: ["plugins", "discovery"],
    flag: "plugins-discovery",
    env: "FLYTE_AGENT_PLUGINS_DISCOVERY",
    kind: "text",
    summary: "auto: the dependencies in package.json; scan: everything in node_modules",
    choices: ["auto", "scan"],
  },
  {
    path: ["plugins", "disabled"],
    flag: "plugins-disabled",
    env: "FLYTE_AGENT_PLUGINS_DISABLED",
    kind: "list",
    summary: "ids or package names to switch off, separated by commas",
    protects: true,
  },
  {
    path: ["plugins", "onFailure"],
    flag: "plugins-on-failure",
    env: "FLYTE_AGENT_PLUGINS_ON_FAILURE",
    kind: "text",
    summary: "degrade: serve the other plugins; abort: do not start",
    choices: ["degrade", "abort"],
  },
];
