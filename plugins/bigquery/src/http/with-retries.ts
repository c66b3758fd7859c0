import { setTimeout as delay } from "node:timers/promises";
import { isAgentError, networkReason, vendorUnavailable } from "@flyte-agent/sdk";
import type { CallBudget } from "./call-budget.ts";

/** What one attempt came to: an answer, or trouble that may be over the next time. */
export type Attempt<Answer> = { readonly answer: Answer } | Trouble;

/** Why there is no answer yet. */
export interface Trouble {
  /** As part of a sentence about who was asked, for example `answers HTTP 503`. */
  readonly trouble: string;
  readonly retryAfterMs?: number | undefined;
  /** What lies behind it, for the log: it may hold addresses. */
  readonly cause?: unknown;
}

const firstPauseMs = 100;
const longestPauseMs = 3_000;

/** Below this an attempt is given all the time that is left. */
const shortestShareMs = 750;

/**
 * Tries something again and again until there is an answer or the time is used up. No attempt gets all the time, so
 * that one that hangs is not the last. Whatever is tried must be harmless when it is done twice.
 *
 * @param whom who is asked, for the error text.
 * @throws AgentError `vendor_unavailable` that says what the last trouble was; what `attempt` throws as an AgentError; or
 *   the reason of the budget's signal.
 */
export async function withRetries<Answer>(
  whom: string,
  { signal, leftMs }: CallBudget,
  attempt: (signal: AbortSignal) => Promise<Attempt<Answer>>,
): Promise<Answer> {
  let pauseMs = firstPauseMs;
  for (;;) {
    const shareMs = leftMs() < shortestShareMs ? leftMs() : Math.max(shortestShareMs, (leftMs() * 2) / 3);
    const timer = AbortSignal.timeout(Math.round(shareMs));
    const outcome = await attempt(AbortSignal.any([signal, timer])).catch((reason: unknown): Trouble => {
      if (signal.aborted) throw signal.reason;
      if (isAgentError(reason)) throw reason;
      if (timer.aborted) return { trouble: "did not answer in time" };
      return { trouble: `cannot be reached (${networkReason(reason)})`, cause: reason };
    });
    if ("answer" in outcome) return outcome.answer;
    // Whoever asks for no wait at all, or for one until a time that is past, is not asked in a hot loop.
    const waitMs = Math.max(outcome.retryAfterMs ?? 0, pauseMs * (0.5 + Math.random() / 2));
    if (waitMs >= leftMs()) throw vendorUnavailable(`${whom} ${outcome.trouble}`, { cause: outcome.cause });
    await delay(waitMs, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
    pauseMs = Math.min(longestPauseMs, pauseMs * 2);
  }
}
