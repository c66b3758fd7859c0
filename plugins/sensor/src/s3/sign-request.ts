import type { AwsCredentials } from "./aws-identity.ts";

/** A request without a body. */
export interface UnsignedRequest {
  readonly method: string;
  readonly url: URL;
}

/**
 * Signs a request for S3 (AWS Signature Version 4).
 *
 * @param at the time of the signature, which S3 accepts for a quarter of an hour.
 * @returns the headers to send.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export async function signRequest(
  { method, url }: UnsignedRequest,
  { credentials, region, at = new Date() }: { credentials: AwsCredentials; region: string; at?: Date },
): Promise<Record<string, string>> {
  const [{ SignatureV4 }, { Sha256 }] = await Promise.all([
    import("@smithy/signature-v4"),
    import("@smithy/core/checksum"),
  ]);
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new SignatureV4({
    service: "s3",
    region,
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    },
    sha256: Sha256,
    // S3 signs the path as it is sent; other services encode it once more.
    uriEscapePath: false,
  });
  const signed = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host },
    },
    { signingDate: at },
  );
  // fetch sends the host itself.
  const { host, ...headers } = signed.headers;
  return headers;
}
