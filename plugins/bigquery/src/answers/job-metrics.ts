import type { JsonObject, Metric, MetricsQuery } from "@flyte-agent/sdk";
import type { JobResource, TimelinePoint } from "../api/job-resource.ts";

/**
 * Metrics of a job: what it has cost so far, and its timeline.
 *
 * @returns those that the query names, all if it names none; left out is what BigQuery does not say.
 */
export function jobMetrics({ statistics }: JobResource, { queries, start, end }: MetricsQuery): readonly Metric[] {
  const { startTime = 0, endTime, query } = statistics;
  const nowMs = endTime ?? Date.now();
  const totals = {
    total_bytes_processed: query.totalBytesProcessed,
    total_bytes_billed: query.totalBytesBilled,
    total_slot_ms: query.totalSlotMs ?? statistics.totalSlotMs,
    cache_hit: query.cacheHit === undefined ? undefined : Number(query.cacheHit),
  };
  const isWanted = (atMs: number): boolean =>
    (start === undefined || atMs >= start.getTime()) && (end === undefined || atMs <= end.getTime());
  const series = (read: (point: TimelinePoint) => number): readonly (readonly [number, string])[] =>
    query.timeline
      .map((point) => ({ atMs: startTime + point.elapsedMs, value: read(point) }))
      .filter(({ atMs }) => isWanted(atMs))
      .map(({ atMs, value }) => [atMs / 1000, String(value)]);
  const metrics = [
    ...Object.entries(totals).flatMap(([metric, value]) =>
      value === undefined ? [] : [{ metric, data: vector(metric, nowMs, value) }],
    ),
    {
      metric: "slot_ms",
      data: matrix(
        "slot_ms",
        series(({ totalSlotMs }) => totalSlotMs),
      ),
    },
    {
      metric: "active_units",
      data: matrix(
        "active_units",
        series(({ activeUnits }) => activeUnits),
      ),
    },
    {
      metric: "pending_units",
      data: matrix(
        "pending_units",
        series(({ pendingUnits }) => pendingUnits),
      ),
    },
    {
      metric: "completed_units",
      data: matrix(
        "completed_units",
        series(({ completedUnits }) => completedUnits),
      ),
    },
  ];
  return queries.length === 0 ? metrics : metrics.filter(({ metric }) => queries.includes(metric));
}

function vector(name: string, atMs: number, value: number): JsonObject {
  return { resultType: "vector", result: [{ metric: { __name__: name }, value: [atMs / 1000, String(value)] }] };
}

function matrix(name: string, values: readonly (readonly [number, string])[]): JsonObject {
  return { resultType: "matrix", result: values.length === 0 ? [] : [{ metric: { __name__: name }, values }] };
}
