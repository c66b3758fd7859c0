import { type Duration, durationFromMs, type Timestamp, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { MetricsQuery } from "@flyte-agent/sdk";

/** The fields of GetTaskMetricsRequest that say which metrics are wanted; they are the same in both generations. */
export interface MetricsRange {
  readonly queries: string[];
  readonly startTime?: Timestamp;
  readonly endTime?: Timestamp;
  readonly step?: Duration;
}

/** Writes a query as these fields. */
export function metricsRange({ queries, start, end, stepMs }: MetricsQuery): MetricsRange {
  return {
    queries: [...queries],
    ...(start === undefined ? {} : { startTime: timestampFromDate(start) }),
    ...(end === undefined ? {} : { endTime: timestampFromDate(end) }),
    ...(stepMs === undefined ? {} : { step: durationFromMs(stepMs) }),
  };
}
