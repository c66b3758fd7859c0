import { createLog, type RuntimeLog } from "@flyte-agent/runtime";
import type { LogRecord } from "./test-host.ts";

/** A log that keeps its lines instead of writing them. */
export interface CapturedLog {
  readonly log: RuntimeLog;
  readonly records: readonly LogRecord[];
}

/** Makes a log of every level whose lines go through the server's own JSON. */
export function captureLog(): CapturedLog {
  const records: LogRecord[] = [];
  const write = (line: string): void => {
    // The server's log writes one JSON object a line, each with a level and a message.
    records.push(JSON.parse(line) as LogRecord);
  };
  return { log: createLog({ level: "debug", showsSecrets: true }, { write }), records };
}
