import { setTimeout as delay } from "node:timers/promises";
import { isAgentError } from "@flyte-agent/sdk";
import type { BigQueryClient, Caller, JobAddress } from "./bigquery-client.ts";
import type { InsertRequest } from "./insert-request.ts";
import type { JobResource } from "./job-resource.ts";
import type { Refusal } from "./refused-job.ts";
import type { TaskConfig } from "./task-config.ts";

const firstPauseMs = 250;
const longestPauseMs = 1_000;

/** A job, or why there is none. */
export type Inserted = Pick<JobAddress, "jobId" | "location"> | { readonly refusal: Refusal };

/**
 * Inserts a job, or adopts the one that an earlier call of the same attempt inserted: Flyte repeats creates, and an
 * answer of BigQuery's may be lost on its way.
 *
 * @returns the job and where it runs; a refusal also for another's job with the same id.
 * @throws AgentError as {@link BigQueryClient} says.
 */
export async function insertOrAdopt(
  client: BigQueryClient,
  request: InsertRequest,
  { location, statement }: Pick<TaskConfig, "location" | "statement">,
  caller: Caller,
): Promise<Inserted> {
  const { project, jobId } = request;
  const outcome = await client.insert(request, caller);
  if (outcome.kind === "inserted") return { jobId, location: outcome.job.jobReference.location ?? location };
  if (outcome.kind === "refused") return { refusal: outcome.refusal };
  const there = location ?? locationIn(outcome.refusal.message, jobId);
  const job = await find(client, { project, jobId, location: there }, caller);
  if (job?.configuration.query.query === statement) return { jobId, location: job.jobReference.location ?? there };
  return { refusal: outcome.refusal };
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
