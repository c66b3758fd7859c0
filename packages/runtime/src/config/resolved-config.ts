/** How much is logged. */
export type LogLevel = "debug" | "info" | "warn" | "error";

/** How log lines look; `auto` means `pretty` on a terminal and `json` elsewhere. */
export type LogFormat = "auto" | "json" | "pretty";

/** What happens when a plugin cannot be loaded: the others are served without it, or the start fails. */
export type OnFailure = "degrade" | "abort";

/** Where plugins come from: the dependencies of the app root, or everything in `node_modules`. */
export type DiscoveryMode = "auto" | "scan";

/** Files of the server's certificate; absolute paths, read again when they change. */
export interface TlsConfig {
  /** The certificate and its chain, in PEM. */
  readonly certFile: string;
  /** Its private key, in PEM. */
  readonly keyFile: string;
}

/** Which pages in a browser may call the server. */
export interface CorsConfig {
  /** Origins such as `https://app.example.com`; `*` is every origin, none switches it off. */
  readonly origins: readonly string[];
}

/** Where the server listens, and its bounds. */
export interface ServerConfig {
  /** Address to listen on. `::` takes IPv4 too; where the machine has no IPv6, the server uses `0.0.0.0` instead. */
  readonly host: string;
  /** 0 to 65535; 0 takes a free one. */
  readonly port: number;
  /** 0 to 65535; 0 takes a free one, `off` serves no metrics. */
  readonly prometheusPort: number | "off";
  /** Largest message that is read, in bytes. */
  readonly maxMessageBytes: number;
  /** Largest request in JSON that is read, in bytes: decoding one takes many times the memory of a binary one. */
  readonly maxJsonBytes: number;
  /** Whether unary gRPC calls take the short way past Connect's handlers; without it each costs several times as much. */
  readonly unaryLane: boolean;
  /** Calls that one HTTP/2 connection may have open at a time. */
  readonly maxConcurrentStreams: number;
  /** How long calls may go on after the server was told to stop, in milliseconds. */
  readonly drainTimeoutMs: number;
  /** `undefined` serves in cleartext. */
  readonly tls: TlsConfig | undefined;
  /** Pages that may call the server. */
  readonly cors: CorsConfig;
}

/** What is logged, and how. */
export interface LogConfig {
  /** The least important lines that are written. */
  readonly level: LogLevel;
  /** How lines are written: as JSON, or for people; by the terminal if neither is asked for. */
  readonly format: LogFormat;
}

/** Which plugins are served. */
export interface PluginsConfig {
  /** What is looked at for plugins. */
  readonly discovery: DiscoveryMode;
  /** Plugins to activate beside those found: package names or absolute directories. */
  readonly list: readonly string[];
  /** Patterns of ids or package names; if there are any, all other plugins are refused. */
  readonly allow: readonly string[];
  /** Patterns of ids or package names that are refused, whatever `allow` says. */
  readonly deny: readonly string[];
  /** Patterns of ids or package names that are switched off. */
  readonly disabled: readonly string[];
  /** Patterns of ids or package names that may be missing: their options stand in the configuration all the same. */
  readonly optional: readonly string[];
  /** Which plugin (by id) serves a task type, by `type@version` or `type` (every version without a route of its own). */
  readonly routes: Readonly<Record<string, string>>;
  /** What a plugin that cannot be loaded means for the server. */
  readonly onFailure: OnFailure;
}

/** Bounds on the inputs of tasks, and where those that Flyte keeps in files of their own may be read from. */
export interface InputsConfig {
  /** How many literals (values, those within lists, maps and unions included) the inputs of one task may hold. */
  readonly maxLiterals: number;
  /** Inputs that Flyte stored in files of their own: from where they may be read. */
  readonly offloaded: {
    /** Places that may be read: `s3://bucket`, `gs://bucket/prefix`, or `s3://` for every bucket. */
    readonly allow: readonly string[];
    /** How much is read for one task, in bytes. */
    readonly maxBytes: number;
  };
}

/** Bounds on the tasks that agents are given, and on what they hand to Flyte. */
export interface LimitsConfig {
  /** Largest task template that is read, in bytes. Inputs are no part of it. */
  readonly maxTemplateBytes: number;
  /** Largest job (`resource_meta`) that `create` may return, in bytes. */
  readonly maxJobBytes: number;
  /** Largest answer that FlytePropeller can read, in bytes; a larger one becomes a failure with a sentence. */
  readonly maxAnswerBytes: number;
}

/** The configuration, complete: every default filled in, every path absolute. */
export interface ResolvedConfig {
  /** Directory whose `package.json` names the plugins; where there is none, the one whose `node_modules` is used. */
  readonly appRoot: string;
  /** The file that was read, an absolute path. */
  readonly configFile: string | undefined;
  /** Ports, addresses and how long to drain. */
  readonly server: ServerConfig;
  /** What is logged, and how. */
  readonly log: LogConfig;
  /** Which plugins are served. */
  readonly plugins: PluginsConfig;
  /** Options of each plugin by its id, as they were written: the plugin's own schema checks them. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Bounds on the inputs of tasks. */
  readonly inputs: InputsConfig;
  /** Bounds on jobs and answers. */
  readonly limits: LimitsConfig;
  /** Sentences on what is not wrong but worth a word, such as an unknown `FLYTE_AGENT_*` variable. */
  readonly warnings: readonly string[];
}
