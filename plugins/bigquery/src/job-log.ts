import type { LogLine, LogPage, LogPageResult } from "@flyte-agent/sdk";
import type { JobResource } from "./job-resource.ts";
import { plainMessage } from "./plain-message.ts";

/** Lines of a page if its reader leaves it open. */
const defaultLines = 500;

/**
 * A page of what happened to a job: when it was created, started and ended, the timeline of its query, and everything
 * that went wrong. A page's token is the number of lines before it.
 */
export function jobLog(job: JobResource, { lines, token }: LogPage): LogPageResult {
  const all = linesOf(job);
  const start = Number.parseInt(token, 10) || 0;
  const end = start + (lines > 0 ? lines : defaultLines);
  return { lines: all.slice(start, end), ...(end < all.length ? { nextToken: String(end) } : {}) };
}

function linesOf({ status, statistics }: JobResource): readonly LogLine[] {
  const { creationTime, startTime, endTime, query } = statistics;
  return [
    ...lineAt(creationTime, "created"),
    ...lineAt(startTime, "started"),
    ...query.timeline.flatMap((point) =>
      lineAt(
        (startTime ?? 0) + point.elapsedMs,
        `units: ${point.completedUnits} completed, ${point.activeUnits} active, ${point.pendingUnits} pending; ` +
          `slot time ${point.totalSlotMs} ms`,
      ),
    ),
    ...status.errors.flatMap(({ reason, message }) =>
      lineAt(endTime ?? startTime, `${reason}: ${plainMessage(message)}`),
    ),
    ...(status.state === "DONE"
      ? lineAt(
          endTime,
          status.errorResult === undefined ? "succeeded" : `failed: ${plainMessage(status.errorResult.message)}`,
        )
      : []),
  ];
}

function lineAt(ms: number | undefined, message: string): readonly LogLine[] {
  return [{ message, originator: "system", ...(ms === undefined ? {} : { timestamp: new Date(ms) }) }];
}
