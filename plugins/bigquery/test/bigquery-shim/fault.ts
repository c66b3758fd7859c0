import type { GoogleError } from "./google-error.ts";

/** What the shim can be asked by name; faults are planned for one of these. */
export type ShimCall =
  | "insert"
  | "get"
  | "cancel"
  | "results"
  | "table"
  | "rows"
  | "token"
  | "exchange"
  | "impersonate"
  | "metadata";

/** What goes wrong with an answer. */
export type Fault = (
  | {
      readonly kind: "error";
      readonly error: GoogleError;
      /** Becomes the header `retry-after`. */
      readonly retryAfterSeconds?: number;
    }
  /** A proxy's answer: a page of HTML, as Google's front end sends for 502. */
  | { readonly kind: "page"; readonly status: number }
  /** No answer, until the caller gives up. */
  | { readonly kind: "hang" }
  /** The headers come, and half of the body. */
  | { readonly kind: "stall" }
  /** The connection is cut without an answer. */
  | { readonly kind: "cut" }
  /** The right answer, late. */
  | { readonly kind: "slow"; readonly delayMs: number }
) & {
  /** What was asked is done all the same, and only the answer is lost. Default false. */
  readonly isDone?: boolean;
};

/** A fault that is an answer. */
export type ErrorFault = Extract<Fault, { readonly kind: "error" }>;

/** What BigQuery answers to too many calls; with 403 in most cases, with 429 in some. */
export function rateLimitFault(status: 403 | 429 = 403): ErrorFault {
  const message = "Exceeded rate limits: too many api requests per user per method for this user_method";
  return { kind: "error", error: { status, reason: "rateLimitExceeded", message } };
}

/** What BigQuery answers where a quota of the project is used up. */
export function quotaFault(): ErrorFault {
  const message = "Quota exceeded: Your project exceeded quota for concurrent queries.";
  return { kind: "error", error: { status: 403, reason: "quotaExceeded", message } };
}

/** What BigQuery answers when it is at fault itself. */
export function backendFault(status: 500 | 503 = 503): ErrorFault {
  const message = "Error encountered during execution. Retrying may solve the problem.";
  return { kind: "error", error: { status, reason: status === 500 ? "internalError" : "backendError", message } };
}

/** What BigQuery answers to a token that it does not accept (any longer). */
export const unauthorized: GoogleError = {
  status: 401,
  reason: "authError",
  message:
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential.",
};
