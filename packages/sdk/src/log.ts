/** Facts beside a log line. Values must be JSON-able; secrets do not belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a plugin writes its log. Each line already names the plugin, the task type and the execution. */
export interface Log {
  /** What only a developer of the plugin wants to see; not written by default. */
  debug(message: string, fields?: LogFields): void;
  /** What happened. */
  info(message: string, fields?: LogFields): void;
  /** What somebody should look at, though the call goes on. */
  warn(message: string, fields?: LogFields): void;
  /** What went wrong. An error among the fields (`{ error }`) is written with its stack. */
  error(message: string, fields?: LogFields): void;
}
