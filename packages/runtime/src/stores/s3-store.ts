import { createAwsCredentials } from "./aws-credentials.ts";
import { getObject, type StoreAnswer } from "./get-object.ts";
import type { ObjectStore, ReadLimits } from "./object-store.ts";
import { isRegion, readS3Settings, type S3Settings } from "./s3-settings.ts";
import { signS3Request } from "./sign-s3-request.ts";
import { objectNotFound, storeInTrouble, storeRefused } from "./store-errors.ts";
import type { StoredObject } from "./store-place.ts";

/** Of so many buckets the region is remembered. */
const rememberedBuckets = 1_000;

/** Reads objects of S3 and of what speaks like it. Nothing is loaded, looked up or sent before the first read. */
export function createS3Store(environment: Readonly<Record<string, string | undefined>>): ObjectStore {
  const findCredentials = createAwsCredentials();
  const regions = new Map<string, string>();

  async function ask(
    object: StoredObject,
    region: string,
    settings: S3Settings,
    limits: ReadLimits,
  ): Promise<StoreAnswer> {
    const credentials = settings.credentials ?? (await findCredentials(settings.region, limits.signal));
    const url = s3Address(object, region, settings);
    const headers = signS3Request(url, { credentials, region, at: new Date() });
    return await getObject({ store: "S3", url, headers }, object, limits);
  }

  return {
    async read(object, limits) {
      const settings = readS3Settings(environment);
      const region = regions.get(object.bucket) ?? settings.region;
      let answer = await ask(object, region, settings, limits);
      const elsewhere = answer.kind === "refusal" ? answer.headers.get("x-amz-bucket-region") : null;
      if (elsewhere !== null && elsewhere !== region && isRegion(elsewhere)) {
        if (regions.size >= rememberedBuckets) regions.clear();
        regions.set(object.bucket, elsewhere);
        answer = await ask(object, elsewhere, settings, limits);
      }
      if (answer.kind === "object") return answer.bytes;
      throw refusal(answer, object);
    },
  };
}

/** The address of an object in a region. */
function s3Address({ bucket, key }: StoredObject, region: string, { endpoint, addressing }: S3Settings): URL {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  const url = new URL(endpoint ?? `https://s3.${region}.${domain}`);
  const parts = key.split("/");
  // A certificate covers one label before the host, and only lower-case names are labels.
  if (addressing === "virtual" && /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucket)) {
    url.hostname = `${bucket}.${url.hostname}`;
  } else parts.unshift(bucket);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${parts.map(percentEncode).join("/")}`;
  return url;
}

// The signature covers the address as S3 writes it: these five are encoded too.
function percentEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function refusal({ status, text }: Extract<StoreAnswer, { kind: "refusal" }>, object: StoredObject): Error {
  const code = /<Code>\s*([A-Za-z0-9.]{1,64})\s*<\/Code>/.exec(text)?.[1];
  const summary = code === undefined ? `HTTP ${status}` : `HTTP ${status} ${code}`;
  if (status === 429 || status >= 500) return storeInTrouble("S3", summary);
  if (status === 404) return objectNotFound(object);
  // S3's own words can name accounts and roles: for the log only.
  return storeRefused(explain(status, code, object), summary, /<Message>([^<]{1,500})/.exec(text)?.[1]);
}

function explain(status: number, code: string | undefined, { bucket }: StoredObject): string {
  if (
    code !== undefined &&
    ["InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"].includes(code)
  ) {
    return "S3 does not accept the agent server's credentials; its operator must replace them";
  }
  if (code === "RequestTimeTooSkewed") return "the agent server's clock is wrong; its operator must set it";
  if (status >= 300 && status < 400) {
    return "S3 refers to another address; the operator should check AWS_ENDPOINT_URL and AWS_REGION";
  }
  if (status !== 401 && status !== 403) return "S3 does not accept the request";
  return (
    `S3 denies access: the agent server needs s3:GetObject on what it reads in bucket "${bucket}", ` +
    "and s3:ListBucket to be told of what does not exist"
  );
}
