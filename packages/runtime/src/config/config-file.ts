import type { DiscoveryMode, LogFormat, LogLevel, OnFailure } from "./resolved-config.ts";

/** What a configuration file may hold; also the form that flags and environment variables are brought into. */
export interface ConfigFile {
  /** For editors; the server does not look at it. */
  readonly $schema?: string | undefined;
  /** The port of calls, and what it takes. */
  readonly server?:
    | {
        readonly host?: string | undefined;
        readonly port?: number | undefined;
        readonly prometheusPort?: number | "off" | undefined;
        readonly maxMessageBytes?: number | undefined;
        readonly maxJsonBytes?: number | undefined;
        readonly unaryLane?: boolean | undefined;
        readonly maxConcurrentStreams?: number | undefined;
        readonly drainTimeoutMs?: number | undefined;
        readonly tls?: { readonly certFile?: string | undefined; readonly keyFile?: string | undefined } | undefined;
        readonly cors?: { readonly origins?: readonly string[] | undefined } | undefined;
      }
    | undefined;
  /** What the server logs, and how. */
  readonly log?: { readonly level?: LogLevel | undefined; readonly format?: LogFormat | undefined } | undefined;
  /** Which plugins are found and served. */
  readonly plugins?:
    | {
        readonly discovery?: DiscoveryMode | undefined;
        readonly list?: readonly string[] | undefined;
        readonly allow?: readonly string[] | undefined;
        readonly deny?: readonly string[] | undefined;
        readonly disabled?: readonly string[] | undefined;
        readonly optional?: readonly string[] | undefined;
        readonly routes?: Readonly<Record<string, string>> | undefined;
        readonly onFailure?: OnFailure | undefined;
      }
    | undefined;
  /** Options of each plugin, by its id. */
  readonly config?: Readonly<Record<string, unknown>> | undefined;
  /** What is read of the inputs of tasks. */
  readonly inputs?:
    | {
        readonly maxLiterals?: number | undefined;
        readonly offloaded?:
          | { readonly allow?: readonly string[] | undefined; readonly maxBytes?: number | undefined }
          | undefined;
      }
    | undefined;
  /** How large tasks, jobs and answers may be. */
  readonly limits?:
    | {
        readonly maxTemplateBytes?: number | undefined;
        readonly maxJobBytes?: number | undefined;
        readonly maxAnswerBytes?: number | undefined;
      }
    | undefined;
}
