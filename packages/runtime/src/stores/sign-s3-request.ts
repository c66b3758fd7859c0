import { createHash, createHmac } from "node:crypto";

/** What a request to AWS is signed with. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** For whom and when a request is signed. */
export interface Signing {
  readonly credentials: AwsCredentials;
  readonly region: string;
  /** S3 accepts a signature for a quarter of an hour. */
  readonly at: Date;
}

/**
 * Signs a GET request for S3 (AWS Signature Version 4).
 *
 * @param url whose path is encoded as S3 does it, and which has no query.
 * @returns the headers to send.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
export function signS3Request(url: URL, { credentials, region, at }: Signing): Readonly<Record<string, string>> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, "");
  const date = time.slice(0, 8);
  const headers = {
    "x-amz-content-sha256": sha256(""),
    "x-amz-date": time,
    ...(sessionToken === undefined ? {} : { "x-amz-security-token": sessionToken }),
  };
  // Names of headers in alphabetical order, which this is.
  const signed = Object.entries({ host: url.host, ...headers });
  const names = signed.map(([name]) => name).join(";");
  const lines = signed.map(([name, value]) => `${name}:${value}\n`).join("");
  const request = ["GET", url.pathname, "", lines, names, sha256("")].join("\n");
  const scope = `${date}/${region}/s3/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(request)].join("\n");
  const key = [date, region, "s3", "aws4_request"].reduce(
    (key: string | Buffer, part) => hmac(key, part),
    `AWS4${secretAccessKey}`,
  );
  const signature = createHmac("sha256", key).update(text).digest("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
