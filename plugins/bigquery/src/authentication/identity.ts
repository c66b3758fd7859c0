/** Who calls Google's APIs. */
export interface Identity {
  /**
   * An access token that is valid for a while.
   *
   * @returns `undefined` to call without one.
   * @throws AgentError `vendor_misconfigured` if there is none to be had, `vendor_unavailable` if who hands them out cannot be
   *   reached; the signal's reason.
   */
  token(signal: AbortSignal): Promise<string | undefined>;
  /** Says that a token was not accepted; the next one is fetched anew. */
  forget(token: string): void;
}

/** A token, or none for calls without. */
export interface AccessToken {
  readonly token: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAtMs: number;
}

/** What all tokens are asked for: the scope that Google's own BigQuery clients use. */
export const tokenScope = "https://www.googleapis.com/auth/cloud-platform";
