import { type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";
import type { LogLine } from "@flyte-agent/sdk";
import type { LogsPage } from "./task-client.ts";

interface SentLine {
  readonly message: string;
  readonly timestamp?: Timestamp | undefined;
  /** `LogLineOriginator`. */
  readonly originator: number;
}

interface SentPart<Body> {
  readonly part:
    | { readonly case: "header"; readonly value: { readonly token: string } }
    | { readonly case: "body"; readonly value: Body }
    | { readonly case: undefined; readonly value?: undefined };
}

/**
 * Reads the stream that GetTaskLogs answers with.
 *
 * @param linesOf the lines of a body, whose field differs between the generations.
 */
export async function readLogPage<Body>(
  parts: AsyncIterable<SentPart<Body>>,
  linesOf: (body: Body) => readonly SentLine[],
): Promise<LogsPage> {
  const lines: LogLine[] = [];
  let nextToken = "";
  for await (const { part } of parts) {
    if (part.case === "header") nextToken = part.value.token;
    if (part.case === "body") lines.push(...linesOf(part.value).map(toLogLine));
  }
  return { lines, nextToken };
}

function toLogLine({ message, timestamp, originator }: SentLine): LogLine {
  const who = originators[originator];
  return {
    message,
    ...(timestamp === undefined ? {} : { timestamp: timestampDate(timestamp) }),
    ...(who === undefined ? {} : { originator: who }),
  };
}

const originators: readonly (LogLine["originator"] | undefined)[] = [undefined, "user", "system"];
