import { hash } from "node:crypto";
import type { CreateAnswer } from "../seam/agent-calls.ts";

/** Answers of creates that are kept for a while. */
export interface AnswerMemory {
  keep(key: string, answer: CreateAnswer): void;
  find(key: string): CreateAnswer | undefined;
  /** Forgets the answer that is this job. */
  forget(job: Uint8Array): void;
}

/** How much is kept. */
export interface AnswerMemoryOptions {
  readonly keepMs: number;
  /** Of all jobs together; the oldest go first. */
  readonly maxBytes: number;
}

/** What an answer takes beside its job. */
const overheadBytes = 512;

interface KeptAnswer {
  readonly answer: CreateAnswer;
  readonly untilMs: number;
  readonly jobKey: string;
}

/** Makes an empty memory. */
export function createAnswerMemory({ keepMs, maxBytes }: AnswerMemoryOptions): AnswerMemory {
  // In the order of their time, so that the oldest come first.
  const kept = new Map<string, KeptAnswer>();
  const keysByJob = new Map<string, string>();
  let bytes = 0;

  function drop(key: string): void {
    const found = kept.get(key);
    if (found === undefined) return;
    bytes -= bytesOf(found.answer);
    kept.delete(key);
    // Jobs of two attempts may be equal, as those of refused tasks are.
    if (keysByJob.get(found.jobKey) === key) keysByJob.delete(found.jobKey);
  }

  return {
    keep(key, answer) {
      const nowMs = Date.now();
      const jobKey = jobKeyOf(answer.job);
      drop(key);
      kept.set(key, { answer, untilMs: nowMs + keepMs, jobKey });
      keysByJob.set(jobKey, key);
      bytes += bytesOf(answer);
      for (const [oldest, { untilMs }] of kept) {
        if (bytes <= maxBytes && nowMs < untilMs) break;
        drop(oldest);
      }
    },
    find(key) {
      const found = kept.get(key);
      return found !== undefined && Date.now() < found.untilMs ? found.answer : undefined;
    },
    forget(job) {
      const key = keysByJob.get(jobKeyOf(job));
      if (key !== undefined) drop(key);
    },
  };
}

function jobKeyOf(job: Uint8Array): string {
  return hash("sha256", job, "base64");
}

function bytesOf({ job }: CreateAnswer): number {
  return job.byteLength + overheadBytes;
}
