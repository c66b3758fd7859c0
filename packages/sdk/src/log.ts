/** Facts beside a log line. Values must be JSON-able; secrets do not belong here. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Where a plugin writes its log. Each line already names the plugin, the task type and the execution. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
