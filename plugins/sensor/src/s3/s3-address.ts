import type { S3Settings } from "./s3-settings.ts";

/** What is asked of S3: an object, or with `query` its bucket. */
export interface S3Target {
  readonly bucket: string;
  /** `""` for the bucket. */
  readonly key: string;
  readonly query?: Readonly<Record<string, string>>;
}

/** The address of a target in a region. */
export function s3Address(
  { bucket, key, query = {} }: S3Target,
  region: string,
  { endpoint, addressingStyle }: Pick<S3Settings, "endpoint" | "addressingStyle">,
): URL {
  const url = new URL(
    endpoint ?? `https://s3.${region}.${region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com"}`,
  );
  const wanted = addressingStyle === "auto" ? (endpoint === undefined ? "virtual" : "path") : addressingStyle;
  const parts = key === "" ? [] : key.split("/");
  // A certificate covers one label before the host, and only lower-case names are labels.
  if (wanted === "virtual" && /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket))
    url.hostname = `${bucket}.${url.hostname}`;
  else parts.unshift(bucket);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${parts.map(percentEncode).join("/")}`;
  url.search = Object.entries(query)
    .map(([name, value]) => `${name}=${percentEncode(value)}`)
    .join("&");
  return url;
}

// The signature covers the address as S3 writes it: these five are encoded too.
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
