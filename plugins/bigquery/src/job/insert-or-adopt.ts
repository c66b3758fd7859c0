import { setTimeout as delay } from "node:timers/promises";
import { type AgentError, isAgentError, vendorRefused, vendorUnavailable } from "@flyte-agent/sdk";
import type { BigQueryClient, Caller, JobAddress } from "../api/bigquery-client.ts";
import type { JobResource } from "../api/job-resource.ts";
import { isRetryable } from "../http/error-reasons.ts";
import type { Refusal } from "../http/refusal.ts";
import type { InsertRequest } from "../request/insert-request.ts";
import type { TaskConfig } from "../request/task-config.ts";

const firstPauseMs = 250;
const longestPauseMs = 1_000;

/**
 * Inserts a job, or adopts the one that an earlier call of the same attempt inserted: Flyte repeats creates, and an
 * answer of BigQuery's may be lost on its way.
 *
 * @returns the job and where it runs.
 * @throws AgentError `vendor_refused` in BigQuery's words, also for another's job with the same id; `vendor_unavailable`
 *   for a refusal that another attempt may not meet; what else {@link BigQueryClient} says.
 */
export async function insertOrAdopt(
  client: BigQueryClient,
  request: InsertRequest,
  { location, statement }: Pick<TaskConfig, "location" | "statement">,
  caller: Caller,
): Promise<Pick<JobAddress, "jobId" | "location">> {
  const { project, jobId } = request;
  const outcome = await client.insert(request, caller);
  if (outcome.kind === "inserted") return { jobId, location: outcome.job.jobReference.location ?? location };
  if (outcome.kind === "refused") throw refusedFor(outcome.refusal);
  const there = location ?? locationIn(outcome.refusal.message, jobId);
  const job = await find(client, { project, jobId, location: there }, caller);
  if (job?.configuration.query.query === statement) return { jobId, location: job.jobReference.location ?? there };
  throw refusedFor(outcome.refusal);
}

function refusedFor({ reason, message }: Refusal): AgentError {
  const refuse = isRetryable(reason) ? vendorUnavailable : vendorRefused;
  return refuse(`${message} (${reason})`);
}

/** An id is taken as soon as BigQuery works on an insert; its job may be there only a moment later. */
async function find(client: BigQueryClient, address: JobAddress, caller: Caller): Promise<JobResource | undefined> {
  const { signal, leftMs } = caller.budget;
  for (let pauseMs = firstPauseMs; ; pauseMs *= 2) {
    try {
      return await client.get(address, caller);
    } catch (reason) {
      if (!isAgentError(reason) || reason.code !== "job_not_found") throw reason;
      if (pauseMs > longestPauseMs || pauseMs > leftMs()) return undefined;
      await delay(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

// Where BigQuery chose the location itself, only its words tell it: `Already Exists: Job acme-dw:EU.flyte_…`.
function locationIn(message: string, jobId: string): string | undefined {
  return /:([a-z0-9-]+)\.$/i.exec(message.split(jobId)[0] ?? "")?.[1];
}
