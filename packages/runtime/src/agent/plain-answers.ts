import { exactNumbers, type JsonObject, type LogPageResult, type Metric } from "@flyte-agent/sdk";
import { pluginInvalid } from "@flyte-agent/sdk/host";
import type { LogsAnswer, MetricsAnswer } from "../seam/agent-calls.ts";

/**
 * What JSON makes of an object: dates and bigints become strings, functions and `undefined` go, NaN becomes null. Plugins in
 * plain JavaScript give anything, and what cannot be written to the wire would fail every poll.
 *
 * @throws AgentError `plugin_invalid` for what has no JSON, such as an object that holds itself.
 */
export function toPlainJson(value: unknown): JsonObject {
  // `undefined` and functions have no JSON, whatever the types say.
  const json = jsonOf(value);
  const plain: unknown = json === undefined ? undefined : JSON.parse(json);
  if (typeof plain === "object" && plain !== null && !Array.isArray(plain)) {
    // What JSON.parse returned is JSON.
    return plain as JsonObject;
  }
  throw pluginInvalid(`an agent must answer with an object of JSON values, got ${json?.slice(0, 100) ?? typeof value}`);
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value, (key, member: unknown) =>
      typeof member === "bigint" ? String(member) : exactNumbers(key, member),
    );
  } catch (reason) {
    const [problem] = String(reason instanceof Error ? reason.message : reason).split("\n");
    throw pluginInvalid(`an agent must answer with an object of JSON values, but: ${problem}`);
  }
}

/** Metrics as plain data. */
export function toPlainMetrics(metrics: readonly Metric[]): MetricsAnswer["metrics"] {
  return metrics.map(({ metric, data }) => ({ metric: String(metric), data: toPlainJson(data) }));
}

/** The longest log line that is handed on, in UTF-16 code units; no message on the wire could hold a much longer one. */
const maxLineLength = 256 * 1024;

/** A page of logs as plain data; a time that is none is left out, an endless line cut with a note. */
export function toPlainLogs({ lines, nextToken = "" }: LogPageResult): LogsAnswer {
  return {
    lines: lines.map(({ message, timestamp, originator }) => ({
      message: cutLine(String(message)),
      ...(timestamp instanceof Date && !Number.isNaN(timestamp.getTime()) ? { timestamp } : {}),
      ...(originator === undefined ? {} : { originator }),
    })),
    nextToken: String(nextToken),
  };
}

function cutLine(line: string): string {
  return line.length <= maxLineLength ? line : `${line.slice(0, maxLineLength)} [cut here: ${line.length} characters]`;
}
