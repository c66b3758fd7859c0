import { createPrivateKey, type KeyObject, sign } from "node:crypto";
import { vendorMisconfigured } from "@flyte-agent/sdk";
import * as v from "valibot";
import { parseJson } from "../http/parse-json.ts";
import { isEndpoint } from "../options/options.ts";
import { type AccessToken, tokenScope } from "./identity.ts";
import { requestToken } from "./request-token.ts";

/** A service account's key. */
export interface ServiceAccountKey {
  readonly email: string;
  readonly keyId: string | undefined;
  readonly privateKey: KeyObject;
  /** Where the key is exchanged for tokens. */
  readonly tokenUri: string;
}

const schema = v.object({
  type: v.literal("service_account"),
  client_email: v.pipe(v.string(), v.nonEmpty()),
  private_key: v.pipe(v.string(), v.nonEmpty()),
  private_key_id: v.optional(v.string()),
  token_uri: v.optional(v.pipe(v.string(), v.check(isEndpoint)), "https://oauth2.googleapis.com/token"),
});

/**
 * Reads a service account's key, the JSON that Google's console hands out. Other kinds of credentials are not taken from
 * outside: they can name programs to run and addresses to call.
 *
 * @param where the key was found, for the error text.
 * @throws AgentError `vendor_misconfigured`, which shows nothing of the key.
 */
export function parseServiceAccountKey(text: string, where: string): ServiceAccountKey {
  const { success, output } = v.safeParse(schema, parseJson(text));
  if (!success) {
    throw vendorMisconfigured(
      `${where} is not the key of a service account, expected the JSON file that Google hands out, with ` +
        'type "service_account", client_email and private_key',
    );
  }
  const { client_email: email, private_key_id: keyId, token_uri: tokenUri, private_key: pem } = output;
  return { email, keyId, tokenUri, privateKey: parsePrivateKey(pem, where) };
}

/** Google's own addresses for it, old ones included. */
const googleTokenUris: readonly string[] = [
  "https://oauth2.googleapis.com/token",
  "https://www.googleapis.com/oauth2/v4/token",
  "https://accounts.google.com/o/oauth2/token",
];

/**
 * Reads a key that a task brings. It comes from whoever may start a task: the server must not send requests to an address of
 * that person's choice, and make errors of what it hears there.
 *
 * @param allowedTokenUris of the operator, beside Google's own.
 * @throws AgentError `vendor_misconfigured`, also for another `token_uri`.
 */
export function parseTaskKey(text: string, where: string, allowedTokenUris: readonly string[]): ServiceAccountKey {
  const key = parseServiceAccountKey(text, where);
  if ([...googleTokenUris, ...allowedTokenUris].includes(key.tokenUri)) return key;
  throw vendorMisconfigured(
    `${where} names a token_uri that is not Google's, which a task's key must not: use the key as Google's console hands it ` +
      "out, or have the operator name the address in allowedTokenUris",
  );
}

function parsePrivateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw vendorMisconfigured(`the private_key in ${where} cannot be read, expected PEM text as Google writes it`);
  }
}

const lifetimeSeconds = 3600;

/**
 * Exchanges a key for an access token.
 *
 * google-auth-library is not asked: it ignores the key's `token_uri`, which the Python connectors honour.
 *
 * @see https://developers.google.com/identity/protocols/oauth2/service-account#httprest
 * @throws AgentError `vendor_misconfigured` or `vendor_unavailable`; the signal's reason.
 */
export function fetchServiceAccountToken(key: ServiceAccountKey, signal: AbortSignal): Promise<AccessToken> {
  return requestToken(
    {
      whom: `Google's token server (service account ${key.email})`,
      url: key.tokenUri,
      headers: {},
      body: () =>
        new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: assertionOf(key) }),
      answer: v.pipe(
        v.object({
          access_token: v.pipe(v.string(), v.nonEmpty()),
          expires_in: v.optional(v.number(), lifetimeSeconds),
        }),
        v.transform((answer) => ({
          token: answer.access_token,
          expiresAtMs: Date.now() + answer.expires_in * 1000,
        })),
      ),
    },
    signal,
  );
}

function assertionOf({ email, keyId, privateKey, tokenUri }: ServiceAccountKey): string {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const header = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const claims = {
    iss: email,
    scope: tokenScope,
    aud: tokenUri,
    iat: nowSeconds,
    exp: nowSeconds + lifetimeSeconds,
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${signed}.${sign("sha256", Buffer.from(signed), privateKey).toString("base64url")}`;
}
