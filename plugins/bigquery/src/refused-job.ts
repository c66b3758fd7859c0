const mark = "refused:";

/** Longest message that is kept, in UTF-8; escaped in JSON it is at most twice as long, and Flyte takes jobs of 4 KiB. */
const maxMessageBytes = 1_500;

/** Why there is no job and never will be: BigQuery did not accept it, or cannot be told what the task says. */
export interface Refusal {
  /** BigQuery's word for it, for example `accessDenied`, or the code of an AgentError. */
  readonly reason: string;
  readonly message: string;
}

/**
 * Writes a refusal where a job's id stands.
 *
 * Flyte repeats the whole task after a create that failed, however hopeless it is: the only way to fail for good is to
 * answer with a job, and to say so at its first poll. The Python connectors take no other keys than their own, so that
 * the refusal is in the id. No id of BigQuery's has a colon in it.
 */
export function refusedJobId({ reason, message }: Refusal): string {
  const { read } = new TextEncoder().encodeInto(message, new Uint8Array(maxMessageBytes));
  return `${mark}${reason}:${message.slice(0, read)}`;
}

/** Tells whether the place of the id holds a refusal. */
export function isRefusedJobId(jobId: string): boolean {
  return jobId.startsWith(mark);
}

/** Reads a refusal back; `undefined` if it is the id of a job. */
export function readRefusal(jobId: string): Refusal | undefined {
  if (!isRefusedJobId(jobId)) return undefined;
  const [, reason = "", ...message] = jobId.split(":");
  return { reason, message: message.join(":") };
}
