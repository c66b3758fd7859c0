import { exactNumbers, jobNotFound, vendorMisconfigured, vendorRefused } from "@flyte-agent/sdk";
import * as v from "valibot";
import type { Identity } from "../authentication/identity.ts";
import { isApiError, readApiError } from "../http/api-error.ts";
import type { CallBudget } from "../http/call-budget.ts";
import { isPassing } from "../http/error-reasons.ts";
import { exchange } from "../http/http-exchange.ts";
import type { Refusal } from "../http/refusal.ts";
import { type Attempt, withRetries } from "../http/with-retries.ts";
import type { InsertRequest } from "../request/insert-request.ts";
import { type JobResource, jobFields, readJobResource } from "./job-resource.ts";

/** Who calls, and how long he has. */
export interface Caller {
  readonly identity: Identity;
  readonly budget: CallBudget;
  readonly userAgent: string;
}

/** Which job is meant. */
export interface JobAddress {
  readonly project: string;
  readonly jobId: string;
  /** Needed everywhere but in the multi-regions US and EU; `undefined` if it is not known. */
  readonly location: string | undefined;
}

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** BigQuery's type in the words of the REST API, for example `INTEGER` or `RECORD`. */
  readonly type: string;
  /** `NULLABLE`, `REQUIRED` or `REPEATED`. */
  readonly mode: string;
}

/** How `jobs.insert` ended. */
export type InsertOutcome =
  | { readonly kind: "inserted"; readonly job: JobResource }
  /** There is a job with this id. */
  | { readonly kind: "duplicate"; readonly refusal: Refusal }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/**
 * What the agent asks of BigQuery. Each call is repeated within the caller's time when BigQuery is in trouble: too busy
 * (429, 403 with `rateLimitExceeded` or `quotaExceeded`), broken (5xx), not reachable, or silent.
 *
 * All throw AgentError `vendor_unavailable` if that does not help, `vendor_misconfigured` or `secret_not_found` if there is
 * no token to be had, BigQuery does not take it, or something else answers.
 */
export interface BigQueryClient {
  /** Starts a job. May be repeated, since the request brings the job's id. */
  insert(request: InsertRequest, caller: Caller): Promise<InsertOutcome>;
  /** @throws AgentError `job_not_found`; `vendor_refused` in BigQuery's words. */
  get(address: JobAddress, caller: Caller): Promise<JobResource>;
  /** Cancels a job, also one that has ended. @throws AgentError `job_not_found`; `vendor_refused`. */
  cancel(address: JobAddress, caller: Caller): Promise<void>;
  /** The columns of what a job that succeeded found. @throws AgentError `job_not_found`; `vendor_refused`. */
  columns(address: JobAddress, caller: Caller): Promise<readonly Column[]>;
}

interface ApiRequest {
  readonly method: "GET" | "POST";
  /** Below `/bigquery/v2`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: object;
}

interface ApiAnswer {
  readonly status: number;
  readonly json: unknown;
}

/**
 * Makes a client for BigQuery's REST API.
 *
 * @param endpoint address of the API, without a slash at the end.
 * @see https://cloud.google.com/bigquery/docs/reference/rest
 */
export function createBigQueryClient(endpoint: string): BigQueryClient {
  async function attempt(
    request: ApiRequest,
    { identity, userAgent }: Caller,
    signal: AbortSignal,
  ): Promise<Attempt<ApiAnswer>> {
    const token = await identity.token(signal);
    const { status, json, retryAfterMs } = await exchange(
      {
        method: request.method,
        url: addressOf(endpoint, request),
        headers: {
          "user-agent": userAgent,
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        },
        body: request.body === undefined ? undefined : JSON.stringify(request.body, exactNumbers),
      },
      signal,
    );
    const { reason, message } = readApiError(status, json);
    if (status === 401 && token !== undefined) identity.forget(token);
    if (isPassing(status, reason)) return { trouble: `answers HTTP ${status} (${message})`, retryAfterMs };
    // A page of a proxy or of another server says nothing about a query; that a request is too large, any of them may say.
    if (status !== 200 && status !== 413 && !isApiError(json)) throw notBigQuery(status);
    return { answer: { status, json } };
  }

  async function ask(request: ApiRequest, caller: Caller): Promise<ApiAnswer> {
    let hasNewToken = false;
    return await withRetries("BigQuery", caller.budget, async (signal) => {
      const outcome = await attempt(request, caller, signal);
      // A token may be revoked before it expires; with a new one the answer counts.
      if (!("answer" in outcome) || outcome.answer.status !== 401 || hasNewToken) return outcome;
      hasNewToken = true;
      return await attempt(request, caller, signal);
    });
  }

  async function askAbout(request: ApiRequest, caller: Caller): Promise<unknown> {
    const { status, json } = await ask(request, caller);
    if (status === 200) return json;
    const { message } = readApiError(status, json);
    if (status === 404) throw jobNotFound(`BigQuery does not know the job: ${message}`);
    throw refusedBy(status, message);
  }

  return {
    async insert({ project, body }, caller) {
      const { status, json } = await ask({ method: "POST", path: `/projects/${project}/jobs`, body }, caller);
      if (status === 200) return { kind: "inserted", job: jobOf(json) };
      const refusal = readApiError(status, json);
      if (status === 409) return { kind: "duplicate", refusal };
      if (status === 400 || status === 403 || status === 404 || status === 413) return { kind: "refused", refusal };
      throw refusedBy(status, refusal.message);
    },
    async get({ project, jobId, location }, caller) {
      const query = { location, fields: jobFields };
      return jobOf(await askAbout({ method: "GET", path: `/projects/${project}/jobs/${jobId}`, query }, caller));
    },
    async cancel({ project, jobId, location }, caller) {
      const path = `/projects/${project}/jobs/${jobId}/cancel`;
      await askAbout({ method: "POST", path, query: { location } }, caller);
    },
    async columns({ project, jobId, location }, caller) {
      const query = { location, maxResults: "0", fields: "schema,jobComplete" };
      return columnsOf(await askAbout({ method: "GET", path: `/projects/${project}/queries/${jobId}`, query }, caller));
    },
  };
}

// Ids are checked where they come in, so that they can stand in a path as they are.
function addressOf(endpoint: string, { path, query = {} }: ApiRequest): string {
  const parameters = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]]));
  const search = new URLSearchParams({ ...Object.fromEntries(parameters), prettyPrint: "false" });
  return `${endpoint}/bigquery/v2${path}?${search}`;
}

function jobOf(json: unknown): JobResource {
  const job = readJobResource(json);
  if (job !== undefined) return job;
  throw notBigQuery(200);
}

function notBigQuery(status: number): Error {
  return vendorMisconfigured(
    `what answers at the address of BigQuery is not BigQuery (HTTP ${status}). ` +
      "The operator should check endpoint or BIGQUERY_EMULATOR_HOST, and proxies",
  );
}

function refusedBy(status: number, message: string): Error {
  if (status === 401) {
    return vendorMisconfigured(
      `BigQuery does not accept the credentials (${message}); check the service account and its key`,
    );
  }
  // A job that is there is its service account's to look at: that it may not is no fault of the task's.
  if (status === 403) return vendorMisconfigured(`BigQuery denies access: ${message}`);
  return vendorRefused(`BigQuery refuses: ${message}`);
}

const resultsSchema = v.object({
  schema: v.optional(
    v.object({
      fields: v.optional(
        v.array(v.object({ name: v.string(), type: v.string(), mode: v.optional(v.string(), "NULLABLE") })),
        [],
      ),
    }),
    {},
  ),
});

function columnsOf(json: unknown): readonly Column[] {
  const { success, output } = v.safeParse(resultsSchema, json);
  return success ? output.schema.fields : [];
}
