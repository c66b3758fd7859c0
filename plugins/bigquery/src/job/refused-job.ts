import type { Refusal } from "../http/refusal.ts";

// Earlier releases wrote a refusal where a job's id stands; today the server itself keeps refused tasks. No id of BigQuery's
// has a colon in it.
const mark = "refused:";

/** Tells whether the place of the id holds a refusal of an older release. */
export function isRefusedJobId(jobId: string): boolean {
  return jobId.startsWith(mark);
}

/** Reads a refusal of an older release; `undefined` if it is the id of a job. */
export function readRefusal(jobId: string): Refusal | undefined {
  if (!isRefusedJobId(jobId)) return undefined;
  const [, reason = "", ...message] = jobId.split(":");
  return { reason, message: message.join(":") };
}
