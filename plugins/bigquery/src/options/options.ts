import * as v from "valibot";
import { type DatetimeType, datetimeTypes } from "./datetime-type.ts";

/** What the operator may set under `config.bigquery`. */
export interface BigQueryOptions {
  /** Project that runs and pays for the jobs of tasks that name none (`custom.ProjectID`). */
  readonly project?: string | undefined;
  /** Location of the jobs of tasks that name none, for example `EU`. @default BigQuery finds it from the tables */
  readonly location?: string | undefined;
  /** Tasks may only run jobs in these projects. @default every project */
  readonly allowedProjects?: readonly string[] | undefined;
  /** No job may bill more bytes than this; a task may ask for less. @default unlimited */
  readonly maximumBytesBilled?: number | undefined;
  /** Priority of the jobs of tasks that name none. @default BigQuery's, which is INTERACTIVE */
  readonly priority?: "INTERACTIVE" | "BATCH" | undefined;
  /** Labels of every job, beside those of the execution, over which they win. */
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Runs the SQL as the Python connectors do, as if the task had no QueryJobConfig: it is written to no destination
   * table, and has no parameters but the inputs.
   *
   * @default false
   */
  readonly ignoreQueryJobConfig: boolean;
  /** BigQuery's type for DATETIME inputs for which a task names none. @default "DATETIME" */
  readonly datetimeType: DatetimeType;
  /** Address of BigQuery's API. @default `BIGQUERY_EMULATOR_HOST`, else `https://bigquery.googleapis.com` */
  readonly endpoint?: string | undefined;
  /** Name of a secret with a service account's key (JSON), for tasks that bring none. */
  readonly credentialsSecret?: string | undefined;
  /**
   * Where the keys that tasks bring may be exchanged for tokens, beside Google's own addresses (their `token_uri`). The server
   * sends its requests there.
   *
   * @default none
   */
  readonly allowedTokenUris: readonly string[];
  /** Email of a service account to act as, for tasks that bring no key. */
  readonly impersonate?: string | undefined;
  /** Address of the API that gives tokens of the account to act as. @default `https://iamcredentials.googleapis.com` */
  readonly impersonationEndpoint?: string | undefined;
}

/** Whether a string is the address of an API: nothing but scheme, host, port and path. */
export function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || !["http:", "https:"].includes(url.protocol)) return false;
  return url.username === "" && url.password === "" && url.search === "" && url.hash === "";
}

/** Whether a string can be a project's id, also an old one with a domain (`example.com:name`). It goes into addresses. */
export function isProjectId(text: string): boolean {
  return /^(?:[a-z0-9.-]{1,100}:)?[a-z0-9][a-z0-9_-]{0,99}$/i.test(text);
}

/** Whether a string can be a location of BigQuery, for example `EU` or `europe-west1`. */
export function isLocation(text: string): boolean {
  return /^[a-z0-9-]{1,64}$/i.test(text);
}

const text = v.string("expected a string");
const nonEmptyText = v.pipe(text, v.nonEmpty("expected a string that is not empty"));
const endpoint = v.pipe(
  text,
  v.check(isEndpoint, "expected an http or https address without user, password and query"),
);
const projectId = v.pipe(text, v.check(isProjectId, "expected the id of a Google Cloud project, such as acme-dw"));
const bytes = "expected a whole number of bytes, 1 or more";
const label = v.pipe(
  text,
  v.regex(/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u, "expected at most 63 lower case letters, digits, _ and -"),
);
const labelKey = v.pipe(label, v.regex(/^[\p{Ll}\p{Lo}]/u, "expected a key that starts with a lower case letter"));

const schema = v.strictObject({
  project: v.optional(projectId),
  location: v.optional(v.pipe(text, v.check(isLocation, "expected a location such as EU or europe-west1"))),
  allowedProjects: v.optional(v.array(projectId, "expected a list of project ids")),
  maximumBytesBilled: v.optional(v.pipe(v.number(bytes), v.safeInteger(bytes), v.minValue(1, bytes))),
  priority: v.optional(v.picklist(["INTERACTIVE", "BATCH"], "expected INTERACTIVE or BATCH")),
  labels: v.optional(v.record(labelKey, label, "expected an object of strings"), {}),
  ignoreQueryJobConfig: v.optional(v.boolean("expected true or false"), false),
  datetimeType: v.optional(v.picklist(datetimeTypes, "expected DATETIME, TIMESTAMP or DATE"), "DATETIME"),
  endpoint: v.optional(endpoint),
  credentialsSecret: v.optional(nonEmptyText),
  allowedTokenUris: v.optional(v.array(endpoint, "expected a list of addresses"), []),
  impersonate: v.optional(
    v.pipe(text, v.regex(/^[^\s/@]{1,100}@[a-z0-9.-]{1,150}$/i, "expected the email of a service account")),
  ),
  impersonationEndpoint: v.optional(endpoint),
});

/** Checks the operator's options and fills in the defaults. */
export const bigQueryOptions: v.GenericSchema<unknown, BigQueryOptions> = schema;

/** The names of the options. */
export const bigQueryOptionKeys: readonly string[] = Object.keys(schema.entries);
