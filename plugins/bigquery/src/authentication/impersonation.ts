import * as v from "valibot";
import { type AccessToken, type Identity, tokenScope } from "./identity.ts";
import { requestToken } from "./request-token.ts";

/** Whom to act as. */
export interface Impersonation {
  /** Email of the service account. */
  readonly email: string;
  /** Address of the IAM Service Account Credentials API. */
  readonly endpoint: string;
}

/**
 * Fetches a token of another service account. The source needs the role Service Account Token Creator on it.
 *
 * @see https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken
 * @throws AgentError `vendor_misconfigured` or `vendor_unavailable`; the signal's reason.
 */
export async function fetchImpersonatedToken(
  { email, endpoint }: Impersonation,
  source: Identity,
  signal: AbortSignal,
): Promise<AccessToken> {
  const token = await source.token(signal);
  return await requestToken(
    {
      whom: `Google's IAM (to act as ${email})`,
      url: `${endpoint}/v1/projects/-/serviceAccounts/${encodeURIComponent(email)}:generateAccessToken`,
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: () => JSON.stringify({ scope: [tokenScope], lifetime: "3600s" }),
      answer: v.pipe(
        v.object({ accessToken: v.pipe(v.string(), v.nonEmpty()), expireTime: v.string() }),
        v.transform(({ accessToken, expireTime }) => ({ token: accessToken, expiresAtMs: Date.parse(expireTime) })),
      ),
    },
    signal,
  );
}
