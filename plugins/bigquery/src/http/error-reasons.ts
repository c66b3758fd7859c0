/**
 * BigQuery's error reasons that another attempt of the same query may not meet.
 *
 * Every other one is permanent, also one that is not known here: trying again costs money, and the next attempt mostly
 * ends the same way.
 *
 * @see https://cloud.google.com/bigquery/docs/error-messages
 */
const retryable: ReadonlySet<string> = new Set([
  "backendError",
  "internalError",
  "invalidUser",
  "jobBackendError",
  "jobInternalError",
  "jobRateLimitExceeded",
  "quotaExceeded",
  "rateLimitExceeded",
  "resourceInUse",
  "tableUnavailable",
]);

/** Tells whether another attempt of a query that failed for this reason may do better. */
export function isRetryable(reason: string): boolean {
  return retryable.has(reason);
}

/** Reasons of HTTP 403 that mean "not now" rather than "no". */
const throttling: ReadonlySet<string> = new Set(["quotaExceeded", "rateLimitExceeded"]);

/** Tells whether an answer says nothing about what was asked, so that the same call is worth repeating. */
export function isPassing(status: number, reason: string): boolean {
  return status === 408 || status === 429 || status >= 500 || (status === 403 && throttling.has(reason));
}
