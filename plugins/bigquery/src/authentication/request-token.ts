import { vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import * as v from "valibot";
import { readApiError } from "../http/api-error.ts";
import { exchange } from "../http/http-exchange.ts";
import { plainMessage } from "../http/plain-message.ts";
import { withRetries } from "../http/with-retries.ts";
import type { AccessToken } from "./identity.ts";

/** A request for a token. */
export interface TokenRequest {
  /** Who is asked, and for whom, for error texts. */
  readonly whom: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Made anew for each attempt, as it may hold the time. */
  readonly body: () => string | URLSearchParams;
  /** Reads the answer. */
  readonly answer: v.GenericSchema<unknown, AccessToken>;
}

const retryForMs = 10_000;

/**
 * Fetches a token, again if the server is in trouble.
 *
 * @throws AgentError `vendor_misconfigured` with the server's own words, `vendor_unavailable`; the signal's reason.
 */
export async function requestToken(request: TokenRequest, signal: AbortSignal): Promise<AccessToken> {
  const { whom, url, headers, body } = request;
  const untilMs = Date.now() + retryForMs;
  const budget = { signal, leftMs: () => Math.max(0, untilMs - Date.now()) };
  return await withRetries(whom, budget, async (attemptSignal) => {
    const answer = await exchange({ method: "POST", url, headers, body: body() }, attemptSignal);
    const { status, json, retryAfterMs } = answer;
    if (status === 429 || status >= 500) return { trouble: `answers HTTP ${status}`, retryAfterMs };
    if (status !== 200) throw vendorMisconfigured(`${whom} gives no token: ${wordsOf(status, json)}`);
    const { success, output } = v.safeParse(request.answer, json);
    if (!success) throw vendorUnavailable(`${whom} answers something that is no token`);
    return { answer: output };
  });
}

const oauthError = v.object({ error: v.string(), error_description: v.optional(v.string(), "") });

// OAuth's errors are of another shape than those of Google's other APIs.
function wordsOf(status: number, json: unknown): string {
  const { success, output } = v.safeParse(oauthError, json);
  if (!success) return readApiError(status, json).message;
  const words = [output.error, output.error_description].filter((word) => word !== "").join(": ");
  return plainMessage(words).slice(0, 500);
}
