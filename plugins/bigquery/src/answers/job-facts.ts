import type { JsonObject } from "@flyte-agent/sdk";
import type { JobResource } from "../api/job-resource.ts";

/** What a job has cost and done so far, for Flyte's custom info. Left out is what BigQuery does not say. */
export function jobFacts({ status, statistics }: JobResource): JsonObject {
  const { creationTime, startTime, endTime, numChildJobs, query } = statistics;
  const warnings = status.errors.map(({ message }) => message);
  return Object.fromEntries(
    Object.entries({
      statement_type: query.statementType,
      total_bytes_processed: query.totalBytesProcessed,
      total_bytes_billed: query.totalBytesBilled,
      total_slot_ms: query.totalSlotMs ?? statistics.totalSlotMs,
      cache_hit: query.cacheHit,
      affected_rows: query.numDmlAffectedRows,
      child_jobs: numChildJobs,
      created_at: isoTime(creationTime),
      started_at: isoTime(startTime),
      ended_at: isoTime(endTime),
      errors: warnings.length === 0 ? undefined : warnings.slice(0, 10),
    }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}

function isoTime(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
