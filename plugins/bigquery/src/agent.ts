import {
  type AsyncAgent,
  type CallContext,
  defineAsyncAgent,
  failed,
  isAgentError,
  type Log,
  type Resource,
  retryableFailure,
  running,
} from "@flyte-agent/sdk";
import { jobAnswer } from "./answers/job-answer.ts";
import { jobLog } from "./answers/job-log.ts";
import { jobMetrics } from "./answers/job-metrics.ts";
import { noTable, type ResultsTable, resultsTable } from "./answers/results-table.ts";
import type { BigQueryClient, Caller, JobAddress } from "./api/bigquery-client.ts";
import { consoleLink } from "./api/console-link.ts";
import type { JobResource } from "./api/job-resource.ts";
import type { Identities } from "./authentication/identities.ts";
import { callBudget } from "./http/call-budget.ts";
import { isRetryable } from "./http/error-reasons.ts";
import { ownUserAgent, userAgentOf } from "./http/user-agent.ts";
import { type BigQueryJob, bigQueryJob } from "./job/bigquery-job.ts";
import { insertOrAdopt } from "./job/insert-or-adopt.ts";
import { readRefusal } from "./job/refused-job.ts";
import type { BigQueryOptions } from "./options/options.ts";
import { insertRequest } from "./request/insert-request.ts";
import { readTaskConfig, taskCustom } from "./request/task-config.ts";

/** Makes the agent for the task type `bigquery_query_job_task`. */
export function bigQueryAgent(
  client: BigQueryClient,
  identities: Identities,
  options: BigQueryOptions,
): AsyncAgent<BigQueryJob> {
  async function callerOf(context: CallContext, userAgent: string): Promise<Caller> {
    return { identity: await identities.of(context.secrets), budget: callBudget(context), userAgent };
  }

  return defineAsyncAgent({
    name: "Bigquery Connector",
    taskType: "bigquery_query_job_task",
    // Whole floats of a structure without types are told from integers.
    integers: "bigint",
    custom: taskCustom(options),
    job: bigQueryJob,
    pythonJobs: true,

    create: async (task, context) => {
      const config = readTaskConfig(task, options);
      const userAgent = userAgentOf(task, config.domain, context.flyte);
      const request = insertRequest(task, config, options, context);
      const { jobId, location } = await insertOrAdopt(client, request, config, await callerOf(context, userAgent));
      return {
        job_id: jobId,
        project: config.project,
        location: location ?? null,
        ...(context.flyte === 2 ? { user_agent: userAgent } : {}),
      };
    },

    get: async (job, context) => {
      const refusal = readRefusal(job.job_id);
      if (refusal !== undefined) {
        const end = isRetryable(refusal.reason) ? retryableFailure : failed;
        return end(`${refusal.message} (${refusal.reason})`, { code: refusal.reason });
      }
      const address = addressOf(job);
      try {
        return await look(address, await callerOf(context, userAgentOfJob(job)), context);
      } catch (reason) {
        if (!isAgentError(reason) || reason.code !== "vendor_unavailable") throw reason;
        context.log.warn("the job could not be looked at", { error: reason });
        // Answered here and not by the runtime, which does not know the link: Flyte reads it once per phase.
        return running({
          message: reason.message,
          logLinks: [consoleLink(address)],
          customInfo: { warning: reason.message },
        });
      }
    },

    delete: async (job, context) => {
      if (readRefusal(job.job_id) !== undefined) return;
      await client.cancel(addressOf(job), await callerOf(context, userAgentOfJob(job)));
    },

    logs: async (job, page, context) => {
      const refusal = readRefusal(job.job_id);
      if (refusal !== undefined) return { lines: [{ message: `${refusal.message} (${refusal.reason})` }] };
      return jobLog(await client.get(addressOf(job), await callerOf(context, userAgentOfJob(job))), page);
    },

    metrics: async (job, query, context) => {
      if (readRefusal(job.job_id) !== undefined) return [];
      return jobMetrics(await client.get(addressOf(job), await callerOf(context, userAgentOfJob(job))), query);
    },
  });

  async function look(address: JobAddress, caller: Caller, { log }: CallContext): Promise<Resource> {
    const job = await client.get(address, caller);
    const found = { ...address, location: job.jobReference.location ?? address.location };
    const hasSucceeded = job.status.state === "DONE" && job.status.errorResult === undefined;
    return jobAnswer(job, found, hasSucceeded ? await resultsOf(job, found, caller, log) : undefined, log);
  }

  async function resultsOf(job: JobResource, address: JobAddress, caller: Caller, log: Log): Promise<ResultsTable> {
    const { destinationTable: table } = job.configuration.query;
    if (table === undefined) return noTable;
    try {
      return resultsTable(table, await client.columns(address, caller));
    } catch (reason) {
      if (!isAgentError(reason)) throw reason;
      // The rows are there: that their columns cannot be read just now is no reason to keep the task waiting.
      log.info("the columns of the results could not be read", { error: reason });
      return resultsTable(table, []);
    }
  }
}

function addressOf({ job_id: jobId, project, location }: BigQueryJob): JobAddress {
  return { jobId, project, location: location ?? undefined };
}

function userAgentOfJob({ user_agent: userAgent }: BigQueryJob): string {
  return userAgent?.replaceAll(/[^ -~]/g, "") || ownUserAgent;
}
