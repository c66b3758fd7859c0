import type { CallContext } from "@flyte-agent/sdk";

/** How long a call of Flyte may take, if its caller would wait longer. */
const longestMs = 20_000;

/** The time that one call of Flyte has for BigQuery. */
export interface CallBudget {
  /** Aborts when Flyte's caller goes away. */
  readonly signal: AbortSignal;
  /** Milliseconds until an answer has to be made up. */
  leftMs(): number;
}

/** Leaves a fifth of the caller's time, so that he hears an answer whatever BigQuery does. */
export function callBudget({ signal, deadline }: Pick<CallContext, "signal" | "deadline">): CallBudget {
  const givenMs = deadline === undefined ? longestMs : (deadline.getTime() - Date.now()) * 0.8;
  const untilMs = Date.now() + Math.min(longestMs, givenMs);
  return { signal, leftMs: () => Math.max(0, untilMs - Date.now()) };
}
