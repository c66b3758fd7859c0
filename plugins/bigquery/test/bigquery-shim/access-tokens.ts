import { generateKeyPairSync, type KeyObject, randomBytes } from "node:crypto";
import { readAssertion } from "./jwt-assertion.ts";

/** An access token that the shim gave out. */
export interface IssuedToken {
  readonly token: string;
  /** E-mail address of the account, or what stands for it. */
  readonly identity: string;
  readonly expiresAtMs: number;
}

/** What a token endpoint answers. */
export interface TokenAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The shim's accounts and tokens. */
export interface AccessTokens {
  readonly issued: readonly IssuedToken[];
  /** The account of a token that was given out here and has not expired. */
  identityOf(token: string): string | undefined;
  issue(identity: string): IssuedToken;
  /** `POST /token`: a signed assertion (service accounts) or a refresh token (users). */
  answerGrant(form: URLSearchParams): TokenAnswer;
  /** `POST /sts`: workload identity federation. */
  answerExchange(form: URLSearchParams): TokenAnswer;
  /** All tokens so far expire. */
  expireAll(): void;
  /** A service-account key file whose `token_uri` is the shim. */
  serviceAccountKey(clientEmail: string): ServiceAccountKey;
}

/** Google's service-account key file. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly token_uri: string;
  readonly universe_domain: "googleapis.com";
}

/** Tokens of one shim; the key pair is made when it is first asked for. */
export function createAccessTokens({
  endpoint,
  projectId,
  lifetimeSeconds,
}: {
  endpoint: () => string;
  projectId: string;
  lifetimeSeconds: number;
}): AccessTokens {
  const issued: IssuedToken[] = [];
  let keys: { publicKey: KeyObject; privateKey: KeyObject } | undefined;
  let expiredBefore = 0;

  function keyPair(): { publicKey: KeyObject; privateKey: KeyObject } {
    keys ??= generateKeyPairSync("rsa", { modulusLength: 2048 });
    return keys;
  }

  function issue(identity: string): IssuedToken {
    const token = {
      token: `ya29.${randomBytes(24).toString("base64url")}`,
      identity,
      expiresAtMs: Date.now() + lifetimeSeconds * 1000,
    };
    issued.push(token);
    return token;
  }

  function granted(identity: string): TokenAnswer {
    const { token } = issue(identity);
    return { status: 200, body: { access_token: token, expires_in: lifetimeSeconds, token_type: "Bearer" } };
  }

  return {
    issued,
    issue,
    identityOf(token) {
      const index = issued.findIndex((known) => known.token === token);
      const known = issued[index];
      return known === undefined || index < expiredBefore || known.expiresAtMs <= Date.now()
        ? undefined
        : known.identity;
    },
    answerGrant(form) {
      const grant = form.get("grant_type");
      if (grant === "refresh_token") {
        const user = form.get("refresh_token");
        return user === null ? refused("invalid_request", "Missing required parameter: refresh_token") : granted(user);
      }
      if (grant !== "urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return refused("unsupported_grant_type", `Invalid grant_type: ${grant}`);
      }
      const tokenUri = `${endpoint()}/token`;
      const assertion = readAssertion(form.get("assertion") ?? "", { publicKey: keyPair().publicKey, tokenUri });
      return "problem" in assertion
        ? refused("invalid_grant", assertion.problem)
        : granted(String(assertion.claims.iss));
    },
    answerExchange(form) {
      const subject = form.get("subject_token");
      const isExchange = form.get("grant_type") === "urn:ietf:params:oauth:grant-type:token-exchange";
      if (!isExchange || subject === null) return refused("invalid_request", "A token exchange needs a subject_token.");
      return granted(`federated:${subject}`);
    },
    expireAll() {
      expiredBefore = issued.length;
    },
    serviceAccountKey(clientEmail) {
      return {
        type: "service_account",
        project_id: projectId,
        private_key_id: "0123456789abcdef0123456789abcdef01234567",
        private_key: keyPair().privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
        client_email: clientEmail,
        client_id: "100000000000000000001",
        token_uri: `${endpoint()}/token`,
        universe_domain: "googleapis.com",
      };
    },
  };
}

function refused(error: string, error_description: string): TokenAnswer {
  return { status: 400, body: { error, error_description } };
}
