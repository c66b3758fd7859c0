import { metadataService } from "../egress/egress-rules.ts";
import { metadataCode, notPublicCode } from "../egress/public-lookup.ts";

/** Why a request had no answer that can be used. */
export interface CallFailure {
  /** A sentence that names the host and nothing else of the address. */
  readonly message: string;
  /** Whether another attempt may do better. */
  readonly isTransient: boolean;
}

const transient: Readonly<Record<string, string>> = {
  EAI_AGAIN: "its name could not be looked up for now",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "it cut the connection before its answer was complete",
  EHOSTUNREACH: "no way leads there from the agent server",
  ENETUNREACH: "no way leads there from the agent server",
  ENOTFOUND: "its name was not found in the DNS",
  ERR_STREAM_PREMATURE_CLOSE: "it cut the connection before its answer was complete",
  EPIPE: "it cut the connection before it had read the request",
  ETIMEDOUT: "it did not answer the attempt to connect",
  Z_BUF_ERROR: "it cut the connection before its answer was complete",
};

/**
 * Explains an error of the HTTP client.
 *
 * @param error what `HttpClient.send` threw; aborts are the caller's to tell apart.
 */
export function explainCallFailure(error: unknown, url: URL): CallFailure {
  const code = codeOf(error);
  const isTls = code.startsWith("ERR_TLS") || code.startsWith("ERR_SSL") || certificateCodes.has(code);
  if (code === notPublicCode) {
    return permanent(
      url,
      "its name stands for an address that is not public, and the operator's denyPrivateNetworks forbids those",
    );
  }
  if (code === metadataCode) {
    return permanent(
      url,
      `its name stands for ${metadataService}. Only an operator can allow it, by naming it in allowedHosts`,
    );
  }
  if (isTls) {
    return permanent(
      url,
      `no secure connection could be made (${code}); check its certificate, or name its authority to the server in SSL_CERT_FILE`,
    );
  }
  if (code.startsWith("HPE_")) return permanent(url, `its answer is not valid HTTP (${code})`);
  const reason = transient[code];
  if (reason === undefined && code.startsWith("Z_")) return permanent(url, "its answer cannot be decompressed");
  return { message: sentence(url, reason === undefined ? code : `${reason} (${code})`), isTransient: true };
}

// What OpenSSL says of certificates has no common prefix.
const certificateCodes: ReadonlySet<string> = new Set([
  "CERT_HAS_EXPIRED",
  "CERT_NOT_YET_VALID",
  "CERT_REVOKED",
  "CERT_UNTRUSTED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "EPROTO",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

function permanent(url: URL, reason: string): CallFailure {
  return { message: sentence(url, reason), isTransient: false };
}

function sentence(url: URL, reason: string): string {
  return `the call of the webhook at ${url.host} failed: ${reason}`;
}

function codeOf(error: unknown): string {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : "the connection failed";
}
