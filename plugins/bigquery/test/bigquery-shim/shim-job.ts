import { createHash } from "node:crypto";
import type { JobOutcome } from "./job-outcome.ts";
import type { ErrorProto, JobScript, JobState, TableReference } from "./job-script.ts";
import { type JsonRecord, jsonRecord } from "./json-record.ts";

/** A job of the shim, as a test sees it. */
export interface ShimJob {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  /** `configuration` as it was sent. */
  readonly configuration: JsonRecord;
  readonly state: JobState;
  readonly error: ErrorProto | undefined;
  readonly isCancelled: boolean;
  /** The table that holds the result; absent for statements without one, and until the job succeeded. */
  readonly destination: TableReference | undefined;
  readonly outcome: JobOutcome;
  /** How often the job was read. */
  readonly polls: number;
  /** Moves a job, held or not; `DONE` ends it as its script says. */
  moveTo(state: JobState): void;
}

/** A job, as the server sees it. */
export interface RunningJob extends ShimJob {
  /** Counts a poll, which may move the job. */
  poll(): void;
  cancel(): void;
  /** BigQuery's `Job` resource. */
  resource(): unknown;
}

/** What a job is made of. */
export interface NewJob {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly configuration: JsonRecord;
  readonly script: JobScript;
  readonly outcome: JobOutcome;
  readonly userEmail: string;
  readonly endpoint: string;
}

/** A job in the state that its script begins with. */
export function createShimJob(job: NewJob): RunningJob {
  const { projectId, jobId, location, configuration, script, outcome, userEmail, endpoint } = job;
  const query = jsonRecord(configuration.query);
  const { pendingPolls = 0, runningPolls = 0, isHeld = false } = script;
  const destination = findDestination(job);
  const creationTime = Date.now();
  let endTime: number | undefined;
  let polls = 0;
  let isCancelled = false;
  let error: ErrorProto | undefined;
  let state: JobState = "PENDING";

  function moveTo(next: JobState): void {
    state = next;
    if (next !== "DONE" || endTime !== undefined) return;
    endTime = Date.now();
    error = isCancelled ? cancelled : (script.error ?? overBilled(script, query) ?? outcome.error);
  }

  function moveByPolls(): void {
    if (isCancelled) moveTo("DONE");
    else if (!isHeld && state !== "DONE") moveTo(stateAfter(polls, pendingPolls, runningPolls));
  }

  function status(): unknown {
    const errors = [...(error === undefined ? [] : [error]), ...(script.warnings ?? [])];
    return {
      state,
      ...(error === undefined ? {} : { errorResult: error }),
      ...(errors.length === 0 ? {} : { errors }),
    };
  }

  function statistics(): unknown {
    const started = state === "PENDING" ? {} : { startTime: String(creationTime) };
    if (endTime === undefined) return { creationTime: String(creationTime), ...started };
    const { totalBytesBilled = 0, totalSlotMs = 0, cacheHit = false } = script;
    const elapsedMs = String(endTime - creationTime);
    return {
      creationTime: String(creationTime),
      startTime: String(creationTime),
      endTime: String(endTime),
      totalBytesProcessed: String(totalBytesBilled),
      totalSlotMs: String(totalSlotMs),
      query: {
        statementType: script.statementType ?? outcome.statementType,
        totalBytesProcessed: String(totalBytesBilled),
        totalBytesBilled: error === undefined ? String(totalBytesBilled) : "0",
        totalSlotMs: String(totalSlotMs),
        cacheHit,
        timeline: [{ elapsedMs, totalSlotMs: String(totalSlotMs), pendingUnits: "0", completedUnits: "1" }],
        queryPlan: [
          {
            name: "S00: Output",
            id: "0",
            status: "COMPLETE",
            startMs: String(creationTime),
            endMs: String(endTime),
            recordsRead: "0",
            recordsWritten: String(outcome.rows.length),
            slotMs: String(totalSlotMs),
          },
        ],
        ...(script.numDmlAffectedRows === undefined ? {} : { numDmlAffectedRows: String(script.numDmlAffectedRows) }),
        ...(script.ddlTargetTable === undefined ? {} : { ddlTargetTable: script.ddlTargetTable }),
        ...outcome.queryStatistics,
        ...script.queryStatistics,
      },
    };
  }

  moveByPolls();
  return {
    projectId,
    jobId,
    location,
    configuration,
    outcome,
    get state() {
      return state;
    },
    get error() {
      return error;
    },
    get isCancelled() {
      return isCancelled;
    },
    get destination() {
      return destination;
    },
    get polls() {
      return polls;
    },
    moveTo,
    poll() {
      polls += 1;
      moveByPolls();
    },
    cancel() {
      if (state !== "DONE") isCancelled = true;
    },
    resource() {
      return {
        kind: "bigquery#job",
        etag: `"${jobId}.${state}"`,
        id: `${projectId}:${location}.${jobId}`,
        selfLink: `${endpoint}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
        user_email: userEmail,
        configuration: {
          jobType: "QUERY",
          ...configuration,
          query: {
            priority: "INTERACTIVE",
            ...query,
            ...(destination === undefined ? {} : { destinationTable: destination }),
          },
        },
        jobReference: { projectId, jobId, location },
        statistics: statistics(),
        status: status(),
      };
    },
  };
}

const cancelled: ErrorProto = {
  reason: "stopped",
  message: "Job execution was cancelled: User requested cancellation",
};

function stateAfter(polls: number, pendingPolls: number, runningPolls: number): JobState {
  // The first poll repeats what the insert answered, if there is something to repeat.
  const count = Math.max(polls, 1);
  if (count <= pendingPolls) return "PENDING";
  return count <= pendingPolls + runningPolls ? "RUNNING" : "DONE";
}

function overBilled({ totalBytesBilled = 0 }: JobScript, query: JsonRecord): ErrorProto | undefined {
  const limit = query.maximumBytesBilled;
  if (limit === undefined || totalBytesBilled <= Number(limit)) return undefined;
  const message = `Query exceeded limit for bytes billed: ${String(limit)}. ${totalBytesBilled} or higher required.`;
  return { reason: "bytesBilledLimitExceeded", message };
}

function findDestination({ script, outcome, configuration, projectId, jobId }: NewJob): TableReference | undefined {
  if (script.destination === "none") return undefined;
  if (script.destination !== undefined) return script.destination;
  const { projectId: project, datasetId, tableId } = jsonRecord(jsonRecord(configuration.query).destinationTable);
  if (tableId !== undefined) {
    return { projectId: String(project), datasetId: String(datasetId), tableId: String(tableId) };
  }
  if ((script.statementType ?? outcome.statementType) !== "SELECT") return undefined;
  const hash = createHash("sha256").update(jobId).digest("hex");
  return { projectId, datasetId: `_${hash.slice(0, 40)}`, tableId: `anon${hash.slice(0, 56)}` };
}
