import { randomUUID } from "node:crypto";
import { type Answer, errorAnswer, jsonAnswer, notFoundAnswer } from "./answer.ts";
import { checkInsert } from "./check-insert.ts";
import { cannedOutcome, type JobOutcome } from "./job-outcome.ts";
import type { JobScript } from "./job-script.ts";
import type { JobStore } from "./job-store.ts";
import { jsonRecord } from "./json-record.ts";
import { createShimJob, type NewJob, type RunningJob } from "./shim-job.ts";
import { upstreamOutcome } from "./upstream-outcome.ts";

/** What the BigQuery calls of the shim work with. */
export interface BigQueryApi {
  readonly store: JobStore;
  readonly upstream: string | undefined;
  readonly defaultLocation: string;
  readonly endpoint: () => string;
  /** Takes the script of the next job. */
  readonly nextScript: () => JobScript;
  readonly signal: AbortSignal;
}

/** `jobs.insert`. */
export async function insertJob(
  api: BigQueryApi,
  { project, body, userEmail }: { project: string; body: unknown; userEmail: string },
): Promise<Answer> {
  const problem = checkInsert(project, body);
  if (problem !== undefined) return errorAnswer(problem);
  const { jobReference, configuration } = jsonRecord(body);
  const reference = jsonRecord(jobReference);
  const jobId = typeof reference.jobId === "string" ? reference.jobId : `job_${randomUUID().replaceAll("-", "")}`;
  const requested = textOrUndefined(reference.location);
  const usedIn = api.store.usedIn(project, requested, jobId);
  if (usedIn !== undefined) {
    return errorAnswer({
      status: 409,
      reason: "duplicate",
      message: `Already Exists: Job ${project}:${usedIn}.${jobId}`,
    });
  }
  const script = api.nextScript();
  const location = requested ?? script.location ?? api.defaultLocation;
  api.store.reserve(project, location, jobId);
  const job = { projectId: project, jobId, location, configuration: jsonRecord(configuration), script, userEmail };
  const made = await makeJob(api, job).catch((error: unknown) => {
    api.store.release(project, location, jobId);
    throw error;
  });
  if (made.kind === "job") {
    api.store.add(made.job);
    return jsonAnswer(made.job.resource());
  }
  if (made.kept === undefined) api.store.release(project, location, jobId);
  else api.store.add(made.kept);
  return made.answer;
}

type Made =
  | { readonly kind: "job"; readonly job: RunningJob }
  | { readonly kind: "refused"; readonly answer: Answer; readonly kept: RunningJob | undefined };

async function makeJob(api: BigQueryApi, job: Omit<NewJob, "outcome" | "endpoint">): Promise<Made> {
  const { script, configuration, projectId, jobId } = job;
  const endpoint = api.endpoint();
  const statement = String(jsonRecord(configuration.query).query);
  if (script.refusal !== undefined) {
    const { isKept = false, ...refusal } = script.refusal;
    const { status: _, ...error } = refusal;
    const outcome: JobOutcome = { ...cannedOutcome(script, statement), error };
    return {
      kind: "refused",
      answer: errorAnswer(refusal),
      kept: isKept ? createShimJob({ ...job, outcome, endpoint }) : undefined,
    };
  }
  const { upstream, signal } = api;
  if (upstream === undefined) {
    return { kind: "job", job: createShimJob({ ...job, outcome: cannedOutcome(script, statement), endpoint }) };
  }
  const outcome = await upstreamOutcome({ upstream, project: projectId, jobId, configuration, signal });
  if ("refusal" in outcome) return { kind: "refused", answer: errorAnswer(outcome.refusal), kept: undefined };
  return { kind: "job", job: createShimJob({ ...job, outcome, endpoint }) };
}

/** `jobs.get`: a poll. */
export function getJob(job: RunningJob): Answer {
  job.poll();
  return jsonAnswer(job.resource());
}

/** `jobs.cancel`: answers before the job has stopped, as BigQuery does. */
export function cancelJob(job: RunningJob): Answer {
  job.cancel();
  return jsonAnswer({ kind: "bigquery#jobCancelResponse", job: job.resource() });
}

/** `jobs.getQueryResults`: all rows in one page. */
export function queryResults(job: RunningJob): Answer {
  const { projectId, jobId, location } = job;
  const base = { kind: "bigquery#getQueryResultsResponse", jobReference: { projectId, jobId, location } };
  if (job.state !== "DONE") return jsonAnswer({ ...base, jobComplete: false });
  if (job.error !== undefined) return errorAnswer({ status: 400, ...job.error });
  const { schema, rows } = job.outcome;
  return jsonAnswer({
    ...base,
    jobComplete: true,
    schema: { fields: schema },
    rows,
    totalRows: String(rows.length),
    totalBytesProcessed: "0",
    cacheHit: false,
  });
}

/** The newest job that wrote a table, if one succeeded. */
export function writerOf(store: JobStore, project: string, dataset: string, table: string): RunningJob | undefined {
  return store.jobs.findLast(({ destination, state, error }) => {
    const isThis =
      destination?.projectId === project && destination.datasetId === dataset && destination.tableId === table;
    return isThis && state === "DONE" && error === undefined;
  });
}

/** `tables.get` of a destination table. */
export function tableAnswer({ destination, outcome, location }: RunningJob): Answer {
  if (destination === undefined) return notFoundAnswer("Table");
  return jsonAnswer({
    kind: "bigquery#table",
    id: `${destination.projectId}:${destination.datasetId}.${destination.tableId}`,
    tableReference: destination,
    type: "TABLE",
    location,
    schema: { fields: outcome.schema },
    numRows: String(outcome.rows.length),
    numBytes: "0",
  });
}

/** `tabledata.list` of a destination table. */
export function tableRowsAnswer({ outcome }: RunningJob): Answer {
  return jsonAnswer({
    kind: "bigquery#tableDataList",
    totalRows: String(outcome.rows.length),
    rows: outcome.rows,
  });
}

function textOrUndefined(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
