import * as v from "valibot";
import { plainMessage } from "./plain-message.ts";
import type { Refusal } from "./refusal.ts";

const errorSchema = v.object({
  error: v.object({
    message: v.optional(v.string(), ""),
    status: v.optional(v.string(), ""),
    errors: v.optional(
      v.array(v.object({ reason: v.optional(v.string(), ""), message: v.optional(v.string(), "") })),
      [],
    ),
  }),
});

/** Tells whether the body of an answer is an error in the form of Google's APIs. */
export function isApiError(json: unknown): boolean {
  return v.is(errorSchema, json);
}

/**
 * Reads the body of an answer that is an error: BigQuery's reason and its message.
 *
 * @see https://cloud.google.com/bigquery/docs/error-messages
 */
export function readApiError(status: number, json: unknown): Refusal {
  const { success, output } = v.safeParse(errorSchema, json);
  if (!success) return { reason: `http${status}`, message: `HTTP ${status}` };
  const { message, errors, status: word } = output.error;
  const [first] = errors;
  return {
    reason: (first?.reason || word || `http${status}`).replaceAll(/[^\w-]/g, "").slice(0, 100),
    message: plainMessage(message || first?.message || `HTTP ${status}`),
  };
}
