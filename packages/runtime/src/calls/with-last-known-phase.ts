import { hash } from "node:crypto";
import { type AgentErrorCode, isAgentError, isTerminal } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import { errorFields } from "../log/error-fields.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import { type AgentCalls, categoryKey, type GetCall, type ResourceAnswer } from "../seam/agent-calls.ts";

/** Errors that say nothing about the job itself. */
const transientCodes: ReadonlySet<AgentErrorCode> = new Set([
  "deadline_exceeded",
  "plugin_failed",
  "plugin_unavailable",
  "secret_not_found",
  "vendor_misconfigured",
  "vendor_refused",
  "vendor_unavailable",
]);

const rememberedJobs = 10_000;

interface KnownJob {
  readonly answer: ResourceAnswer | undefined;
  /** When the polls began to fail, in milliseconds since 1970; `undefined` while they succeed. */
  readonly failingSinceMs: number | undefined;
}

/**
 * Answers a poll with the job's last known phase when the plugin or its vendor is in trouble.
 *
 * FlytePropeller counts failed polls over a job's whole life and gives up on the job at the sixth, so a failed poll is
 * dearer than an old answer. A job that is not known here exists all the same (somebody holds its `resource_meta`):
 * it is said to be running. That has no end: once FlytePropeller has had one answer, errors do not fail the task, they
 * only make it stop asking, also when the outage is over. An end is never made up.
 */
export function withLastKnownPhase(
  next: AgentCalls,
  { metrics, log }: { metrics: Metrics; log: RuntimeLog },
): AgentCalls {
  const known = new Map<string, KnownJob>();

  function remember(key: string, job: KnownJob): void {
    known.delete(key);
    known.set(key, job);
    const [oldest] = known.keys();
    if (known.size > rememberedJobs && oldest !== undefined) known.delete(oldest);
  }

  function substitute(call: GetCall, key: string, reason: unknown): ResourceAnswer {
    const nowMs = Date.now();
    const job = known.get(key);
    const failingSinceMs = job?.failingSinceMs ?? nowMs;
    remember(key, { answer: job?.answer, failingSinceMs });
    metrics.phaseSubstituted(call.category.name);
    log.warn("get failed; answered with the last known phase", {
      task_type: call.category.name,
      call: call.callId,
      phase: job?.answer?.phase ?? "running",
      failing_for_s: Math.round((nowMs - failingSinceMs) / 1000),
      ...(isAgentError(reason) ? { outcome: reason.code } : {}),
      ...errorFields(reason),
    });
    return job?.answer ?? unknownButRunning;
  }

  return {
    ...next,
    async get(call, signal) {
      const key = `${categoryKey(call.category)} ${jobKey(call.job)}`;
      try {
        const answer = await next.get(call, signal);
        if (isTerminal(answer.phase)) known.delete(key);
        else remember(key, { answer: briefly(answer), failingSinceMs: undefined });
        return answer;
      } catch (reason) {
        if (!isAgentError(reason) || !transientCodes.has(reason.code)) throw reason;
        return substitute(call, key, reason);
      }
    },
  };
}

/** Longer jobs are known by a digest. */
const longestKey = 256;

// Nearly all jobs are short, and a digest costs more than a copy.
function jobKey(job: Uint8Array): string {
  if (job.byteLength > longestKey) return hash("sha256", job, "base64");
  return Buffer.from(job.buffer, job.byteOffset, job.byteLength).toString("latin1");
}

/** Of the JSON of either. */
const maxKeptLength = 4096;

// Flyte reads nothing more of a phase that it has seen, so that a large custom info or long links need not be kept for it.
function briefly(answer: ResourceAnswer): ResourceAnswer {
  const { customInfo, logLinks } = answer;
  return {
    ...answer,
    customInfo: isShort(customInfo) ? customInfo : undefined,
    logLinks: isShort(logLinks) ? logLinks : [],
  };
}

function isShort(value: unknown): boolean {
  return (
    value === undefined || (Array.isArray(value) && value.length === 0) || JSON.stringify(value).length <= maxKeptLength
  );
}

const unknownButRunning: ResourceAnswer = {
  phase: "running",
  message: "the state could not be read just now; it is read again at the next poll",
  logLinks: [],
  outputs: undefined,
  customInfo: undefined,
  errorCode: "",
};
