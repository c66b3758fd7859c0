import { isAgentError, type Log, vendorUnavailable } from "@flyte-agent/sdk";
import { isRegion } from "../options/options.ts";
import type { Sighting } from "../sensors/sensor-kind.ts";
import { createAwsIdentity } from "./aws-identity.ts";
import { type S3Target, s3Address } from "./s3-address.ts";
import { errorCodeOf, listsSomething, readS3Answer, type S3Answer } from "./s3-answer.ts";
import { inTrouble, notS3, refusal, unreachable } from "./s3-errors.ts";
import type { S3Settings } from "./s3-settings.ts";
import { signRequest } from "./sign-request.ts";

/** The one thing that the file sensor asks of S3. */
export interface ObjectStore {
  /**
   * Looks whether a key is there: an object of this name, or any object below `key/`. For the key `""` the bucket.
   *
   * @throws AgentError `vendor_misconfigured` if S3 does not let us look, `vendor_unavailable` if it is in trouble.
   */
  look(bucket: string, key: string, signal: AbortSignal): Promise<Sighting>;
}

/** Of so many buckets the region is remembered. */
const rememberedBuckets = 1_000;

/**
 * Makes a client for S3 and what speaks like it. Nothing is loaded, looked up or sent before the first look.
 */
export function createS3Client(settings: S3Settings, log: Log): ObjectStore {
  const identity = createAwsIdentity(settings, log);
  const regions = new Map<string, string>();

  async function ask(method: "GET" | "HEAD", target: S3Target, signal: AbortSignal): Promise<S3Answer> {
    const region = regions.get(target.bucket) ?? (await identity.region());
    const answer = await send(method, target, region, signal);
    const { bucketRegion } = answer;
    const isElsewhere = answer.status >= 300 && answer.status !== 404 && bucketRegion !== region;
    if (!isElsewhere || bucketRegion === undefined || !isRegion(bucketRegion)) return answer;
    remember(target.bucket, bucketRegion);
    return await send(method, target, bucketRegion, signal);
  }

  function remember(bucket: string, region: string): void {
    const [oldest] = regions.keys();
    if (regions.size >= rememberedBuckets && oldest !== undefined) regions.delete(oldest);
    regions.set(bucket, region);
  }

  async function send(
    method: "GET" | "HEAD",
    target: S3Target,
    region: string,
    signal: AbortSignal,
  ): Promise<S3Answer> {
    const url = s3Address(target, region, settings);
    const credentials = await identity.credentials(signal);
    const headers = credentials === undefined ? {} : await signRequest({ method, url }, { credentials, region });
    let answer: S3Answer;
    try {
      // A redirection would not be signed for where it leads.
      answer = await readS3Answer(await fetch(url, { method, headers, signal, redirect: "manual" }));
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      throw unreachable(cause);
    }
    if (answer.status === 429 || answer.status >= 500) throw inTrouble(answer);
    return answer;
  }

  async function lookForKey(bucket: string, key: string, signal: AbortSignal): Promise<Sighting> {
    const head = await ask("HEAD", { bucket, key }, signal);
    if (head.status === 200) {
      if (head.hasTag) return { there: true };
      throw notS3(head);
    }
    const list = await ask("GET", { bucket, key: "", query: { ...listOne, prefix: `${key}/` } }, signal);
    const below = readListing(list);
    if (below === true) return { there: true };
    const isAbsent = head.status === 404 || list.status === 404;
    if (!isAbsent) throw refusal(below === undefined ? list : head, bucket);
    return { there: false, ...noteOn(list, bucket) };
  }

  async function lookForBucket(bucket: string, signal: AbortSignal): Promise<Sighting> {
    const list = await ask("GET", { bucket, key: "", query: listOne }, signal);
    if (readListing(list) !== undefined) return { there: true };
    if (list.status === 404) return { there: false };
    throw refusal(list, bucket);
  }

  return {
    async look(bucket, key, signal) {
      const timer = AbortSignal.timeout(settings.timeoutMs);
      const limited = AbortSignal.any([signal, timer]);
      try {
        return key === "" ? await lookForBucket(bucket, limited) : await lookForKey(bucket, key, limited);
      } catch (reason) {
        if (isAgentError(reason) || signal.aborted || !timer.aborted) throw reason;
        throw vendorUnavailable(`S3 did not answer within ${settings.timeoutMs} ms`, { cause: reason });
      }
    },
  };
}

const listOne: Readonly<Record<string, string>> = {
  "list-type": "2",
  "max-keys": "1",
};

// `undefined` if S3 did not list.
function readListing(answer: S3Answer): boolean | undefined {
  if (answer.status !== 200) return undefined;
  const something = listsSomething(answer);
  if (something === undefined) throw notS3(answer);
  return something;
}

function noteOn(list: S3Answer, bucket: string): { readonly note?: string } {
  if (list.status === 200) return {};
  if (errorCodeOf(list) === "NoSuchBucket") return { note: `bucket "${bucket}" does not exist` };
  return {
    note: `whether anything is below it S3 does not say (${list.status})`,
  };
}
