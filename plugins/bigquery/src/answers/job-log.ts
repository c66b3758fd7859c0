import type { LogLine, LogPage, LogPageResult } from "@flyte-agent/sdk";
import type { JobResource, TimelinePoint } from "../api/job-resource.ts";
import { plainMessage } from "../http/plain-message.ts";

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
  const end = status.errorResult === undefined ? "succeeded" : `failed: ${plainMessage(status.errorResult.message)}`;
  return [
    ...event(creationTime, "created"),
    ...event(startTime, "started"),
    ...query.timeline.flatMap((point) => event((startTime ?? 0) + point.elapsedMs, progress(point))),
    ...status.errors.map(({ reason, message }) => line(endTime ?? startTime, `${reason}: ${plainMessage(message)}`)),
    ...event(endTime, end),
  ];
}

function progress({ completedUnits, activeUnits, pendingUnits, totalSlotMs }: TimelinePoint): string {
  return `units: ${completedUnits} completed, ${activeUnits} active, ${pendingUnits} pending; slot time ${totalSlotMs} ms`;
}

/** Nothing, if it has not happened yet. */
function event(ms: number | undefined, message: string): readonly LogLine[] {
  return ms === undefined ? [] : [line(ms, message)];
}

function line(ms: number | undefined, message: string): LogLine {
  return { message, originator: "system", ...(ms === undefined ? {} : { timestamp: new Date(ms) }) };
}
