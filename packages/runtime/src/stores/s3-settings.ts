import type { AwsCredentials } from "./sign-s3-request.ts";
import { unusableVariable } from "./store-errors.ts";

/** How S3 is reached. */
export interface S3Settings {
  /** `undefined` for AWS. */
  readonly endpoint: URL | undefined;
  /** The region to ask first; S3 says where else a bucket lives. */
  readonly region: string;
  /** Whether the bucket stands in the path of an address or in its host name. */
  readonly addressing: "path" | "virtual";
  /** Keys in the environment; `undefined` leaves it to AWS's search. */
  readonly credentials: AwsCredentials | undefined;
}

/**
 * Reads from the environment how S3 is reached: flytekit's variables (`FLYTE_AWS_…`) first, then AWS's.
 *
 * @throws AgentError `invalid_config` that names the variable. Values are not shown.
 */
export function readS3Settings(environment: Readonly<Record<string, string | undefined>>): S3Settings {
  // An empty variable is how deployments unset one.
  const read = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const first = (...names: readonly string[]): string | undefined => names.find((name) => read(name) !== undefined);

  const endpointName = first("FLYTE_AWS_ENDPOINT", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  const endpoint = endpointName === undefined ? undefined : URL.parse(read(endpointName) ?? "");
  if (endpointName !== undefined && !isEndpoint(endpoint)) {
    throw unusableVariable(endpointName, "an http or https address without user, password and query");
  }
  const regionName = first("AWS_REGION", "AWS_DEFAULT_REGION");
  const region = regionName === undefined ? "us-east-1" : (read(regionName) ?? "");
  if (regionName !== undefined && !isRegion(region)) {
    throw unusableVariable(regionName, "a region such as eu-central-1");
  }
  const style = read("FLYTE_AWS_ADDRESSING_STYLE") ?? "auto";
  if (!["auto", "path", "virtual"].includes(style)) {
    throw unusableVariable("FLYTE_AWS_ADDRESSING_STYLE", "auto, path or virtual");
  }
  const isPathStyle = style === "path" || (style === "auto" && endpointName !== undefined);
  return {
    endpoint: endpoint ?? undefined,
    region,
    addressing: isPathStyle ? "path" : "virtual",
    credentials: readS3Credentials(environment),
  };
}

/** Whether a string can be a region. It becomes part of a host name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}

function isEndpoint(url: URL | null | undefined): boolean {
  if (url === null || url === undefined || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** The keys in the environment, flytekit's before AWS's. */
export function readS3Credentials(
  environment: Readonly<Record<string, string | undefined>>,
): AwsCredentials | undefined {
  for (const prefix of ["FLYTE_AWS_", "AWS_"]) {
    const read = (name: string): string | undefined => environment[`${prefix}${name}`]?.trim() || undefined;
    const accessKeyId = read("ACCESS_KEY_ID");
    const secretAccessKey = read("SECRET_ACCESS_KEY");
    if (accessKeyId === undefined || secretAccessKey === undefined) continue;
    return { accessKeyId, secretAccessKey, sessionToken: read("SESSION_TOKEN") };
  }
  return undefined;
}
