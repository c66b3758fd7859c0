/** What the codes of Node's clients mean, where the code does not say it to everyone. */
const meanings: Readonly<Record<string, string>> = {
  EAI_AGAIN: "its name could not be looked up for now",
  ECONNREFUSED: "nothing listens there",
  ECONNRESET: "the connection was cut",
  EHOSTUNREACH: "no way leads there",
  ENETUNREACH: "no way leads there",
  ENOTFOUND: "its name was not found in the DNS",
  ETIMEDOUT: "it does not answer",
  UND_ERR_CONNECT_TIMEOUT: "it does not answer",
  UND_ERR_SOCKET: "the connection was cut",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
};

// What OpenSSL says where it does not know who signed a certificate.
const unknownAuthority: ReadonlySet<string> = new Set([
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/** How many causes of an error are looked at. */
const maxCauses = 4;

/**
 * Tells why a request got no answer, as the end of a sentence: `ENOTFOUND: its name was not found in the DNS`. Reads what `fetch`
 * and Node's other clients throw, and shows nothing of addresses.
 *
 * @example
 * ```ts
 * throw vendorUnavailable(`the farm cannot be reached (${networkReason(new Error("ECONNREFUSED"))})`);
 * ```
 */
export function networkReason(error: unknown): string {
  let cause = error;
  for (let causes = 0; causes <= maxCauses && cause instanceof Error; causes++) {
    const [, status] = /^Proxy response \((\d+)\)/.exec(cause.message) ?? [];
    if (status !== undefined) return `the proxy answers ${status}`;
    if ("code" in cause && typeof cause.code === "string") return explained(cause.code);
    cause = cause.cause;
  }
  return "the connection broke";
}

function explained(code: string): string {
  if (unknownAuthority.has(code)) {
    return `${code}: its certificate is of an authority that is not trusted here; SSL_CERT_FILE can name a file with it`;
  }
  const meaning = meanings[code];
  return meaning === undefined ? code : `${code}: ${meaning}`;
}
