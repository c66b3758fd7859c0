import { createLog, type LogOptions, type RuntimeLog } from "./create-log.ts";
import { createLineOutput, type LineOutput } from "./line-output.ts";
import { prettyStream } from "./pretty-stream.ts";

/** A log on standard output. */
export interface ServerLog extends Pick<LineOutput, "flush"> {
  /** Where the server writes what it does. */
  readonly log: RuntimeLog;
  /** Whether standard output gets JSON lines, and nothing else may be written to it. */
  readonly isJson: boolean;
}

/**
 * Makes the server's log on standard output. Nothing that happens to standard output holds up or ends the server.
 *
 * @param onDropped a line could not be written, nor be kept until it could.
 */
export function createServerLog(options: LogOptions, onDropped: () => void): ServerLog {
  // Opening it as a stream also makes a pipe one that does not block.
  const { isTTY } = process.stdout;
  const isJson = options.format === "json" || (options.format === "auto" && isTTY !== true);
  const output = createLineOutput(1, {
    onDropped,
    onResumed: (dropped) => log.warn("log lines were lost, since standard output took no more", { dropped }),
  });
  const log = createLog(options, isJson ? output : prettyStream(output));
  return { log, isJson, flush: output.flush };
}
