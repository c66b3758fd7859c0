import { isAgentError, untilAborted, vendorUnavailable } from "@flyte-agent/sdk";
import type { AccessToken, Identity } from "./identity.ts";

/** Before a token expires by this much, the next one is fetched. */
const earlyMs = 3 * 60_000;

/** How long fetching a token may take, whoever waits for it. */
const fetchLimitMs = 15_000;

/**
 * Makes an identity of something that fetches tokens: one token is shared by all calls, and however many of them need a
 * new one at once, it is fetched once. A call that goes away takes nobody's token with it.
 */
export function sharedToken(fetchToken: (signal: AbortSignal) => Promise<AccessToken>): Identity {
  let known: AccessToken | undefined;
  let fetching: Promise<AccessToken> | undefined;

  async function renew(): Promise<AccessToken> {
    const timer = AbortSignal.timeout(fetchLimitMs);
    try {
      known = await untilAborted(fetchToken(timer), timer);
      return known;
    } catch (reason) {
      if (isAgentError(reason) || !timer.aborted) throw reason;
      throw vendorUnavailable(`Google's token server did not answer within ${fetchLimitMs} ms`, { cause: reason });
    } finally {
      fetching = undefined;
    }
  }

  return {
    async token(signal) {
      if (known !== undefined && Date.now() < known.expiresAtMs - earlyMs) return known.token;
      fetching ??= renew();
      try {
        return (await untilAborted(fetching, signal)).token;
      } catch (reason) {
        // The old one is still good for some minutes, the trouble may be over by then.
        if (!signal.aborted && known !== undefined && Date.now() < known.expiresAtMs) return known.token;
        throw reason;
      }
    },
    forget(token) {
      if (known?.token === token) known = undefined;
    },
  };
}
