import { failed, initializing, type Log, type Resource, retryableFailure, running, succeeded } from "@flyte-agent/sdk";
import type { JobAddress } from "../api/bigquery-client.ts";
import { consoleLink } from "../api/console-link.ts";
import type { JobResource } from "../api/job-resource.ts";
import { isRetryable } from "../http/error-reasons.ts";
import { failureMessage } from "./failure-message.ts";
import { jobFacts } from "./job-facts.ts";
import type { ResultsTable } from "./results-table.ts";

/**
 * What Flyte is told of a job. Only `state` and `errorResult` decide: `errors` also holds warnings of jobs that go on or
 * have succeeded.
 *
 * @param results what `results` is, if the job has succeeded.
 */
export function jobAnswer(
  job: JobResource,
  address: JobAddress,
  results: ResultsTable | undefined,
  log: Pick<Log, "warn">,
): Resource {
  const { state, errorResult } = job.status;
  const details = { logLinks: [consoleLink(address)], customInfo: jobFacts(job) };
  switch (state) {
    case "PENDING":
      return initializing({ ...details, message: state });
    case "RUNNING":
      return running({ ...details, message: state });
    case "DONE":
      break;
    default:
      log.warn("BigQuery answers a state that is not known here; the task is said to be running", { state });
      return running({ ...details, message: state });
  }
  if (errorResult === undefined) {
    return succeeded({ ...details, message: state, ...(results === undefined ? {} : { outputs: { results } }) });
  }
  const end = isRetryable(errorResult.reason) ? retryableFailure : failed;
  return end(failureMessage(errorResult, job), { ...details, code: errorResult.reason });
}
