import { isAbsolute } from "node:path";
import * as v from "valibot";

/** What the operator may set under `config.sensor`. */
export interface SensorOptions {
  /**
   * Looks once when a task is created, and refuses the task if access is denied. Without it such a task waits.
   *
   * @default true
   */
  readonly checkAccess: boolean;
  /** Whether tasks may wait for files on the disk of the agent server. @default true */
  readonly allowLocalPaths: boolean;
  /** Tasks may only wait for local files below this directory, an absolute path. @default every file */
  readonly localRoot?: string | undefined;
  readonly s3: S3Options;
}

/** What the operator may set under `config.sensor.s3`. Each wins over the environment. */
export interface S3Options {
  /** Address of an S3-compatible server, for example `http://minio:9000`. @default AWS */
  readonly endpoint?: string | undefined;
  /** Region to ask first; a bucket's own region is found from there. @default the environment's, else `us-east-1` */
  readonly region?: string | undefined;
  /**
   * Where the bucket stands in an address: `path` (`endpoint/bucket`), `virtual` (`bucket.endpoint`), or `auto`:
   * `path` with an endpoint of one's own, else `virtual`.
   *
   * @default "auto"
   */
  readonly addressingStyle?: "auto" | "path" | "virtual" | undefined;
  /** Sends no credentials: for public buckets. @default false */
  readonly anonymous: boolean;
  /** How long one look may take, in milliseconds, from 100 to 60000. @default 8000 */
  readonly timeoutMs: number;
}

/** The forms of an address that S3 knows. */
export const addressingStyles = ["auto", "path", "virtual"] as const;

/** Whether a string is the address of a server as `s3.endpoint` takes it: nothing but scheme, host, port and path. */
export function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** Whether a string can be an AWS region. It becomes part of a host name. */
export function isRegion(text: string): boolean {
  return /^[a-z0-9-]{1,40}$/.test(text);
}

const trueOrFalse = v.boolean("expected true or false");
const milliseconds = "expected a whole number from 100 to 60000";

const s3Schema = v.strictObject({
  endpoint: v.optional(
    v.pipe(
      v.string("expected a string"),
      v.check(isEndpoint, "expected an http or https address without user, password and query"),
    ),
  ),
  region: v.optional(
    v.pipe(v.string("expected a string"), v.check(isRegion, "expected a region such as eu-central-1")),
  ),
  addressingStyle: v.optional(v.picklist(addressingStyles, `expected ${addressingStyles.join(", ")}`)),
  anonymous: v.optional(trueOrFalse, false),
  timeoutMs: v.optional(
    v.pipe(
      v.number(milliseconds),
      v.integer(milliseconds),
      v.minValue(100, milliseconds),
      v.maxValue(60_000, milliseconds),
    ),
    8_000,
  ),
});

const schema = v.strictObject({
  checkAccess: v.optional(trueOrFalse, true),
  allowLocalPaths: v.optional(trueOrFalse, true),
  localRoot: v.optional(v.pipe(v.string("expected a string"), v.check(isAbsolute, "expected an absolute path"))),
  s3: v.optional(s3Schema, {}),
});

/** Checks the operator's options and fills in the defaults. */
export const sensorOptions: v.GenericSchema<unknown, SensorOptions> = schema;

/** The names of the options. */
export const sensorOptionKeys: readonly string[] = Object.keys(schema.entries);

/** The names of the options under `s3`. */
export const s3OptionKeys: readonly string[] = Object.keys(s3Schema.entries);
