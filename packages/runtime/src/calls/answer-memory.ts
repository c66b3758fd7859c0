import type { CreateAnswer } from "../seam/agent-calls.ts";

/** Answers of creates that are kept for a while. */
export interface AnswerMemory {
  keep(key: string, answer: CreateAnswer): void;
  find(key: string): CreateAnswer | undefined;
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
}

/** Makes an empty memory. */
export function createAnswerMemory({ keepMs, maxBytes }: AnswerMemoryOptions): AnswerMemory {
  // In the order of their time, so that the oldest come first.
  const kept = new Map<string, KeptAnswer>();
  let bytes = 0;

  function forget(key: string): void {
    const found = kept.get(key);
    if (found === undefined) return;
    bytes -= bytesOf(found.answer);
    kept.delete(key);
  }

  return {
    keep(key, answer) {
      const nowMs = Date.now();
      forget(key);
      kept.set(key, { answer, untilMs: nowMs + keepMs });
      bytes += bytesOf(answer);
      for (const [oldest, { untilMs }] of kept) {
        if (bytes <= maxBytes && nowMs < untilMs) break;
        forget(oldest);
      }
    },
    find(key) {
      const found = kept.get(key);
      return found !== undefined && Date.now() < found.untilMs ? found.answer : undefined;
    },
  };
}

function bytesOf({ job }: CreateAnswer): number {
  return job.byteLength + overheadBytes;
}
