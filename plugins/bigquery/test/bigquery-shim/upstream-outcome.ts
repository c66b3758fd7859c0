import { stripVTControlCharacters } from "node:util";
import type { GoogleError } from "./google-error.ts";
import type { JobOutcome } from "./job-outcome.ts";
import type { ErrorProto, TableField } from "./job-script.ts";
import { type JsonRecord, jsonRecord } from "./json-record.ts";

/** Where an emulator listens, and what it is to run. */
export interface UpstreamQuery {
  /** Base address of the emulator, for example `http://127.0.0.1:9050`. */
  readonly upstream: string;
  readonly project: string;
  readonly jobId: string;
  /** `configuration` of the request. */
  readonly configuration: unknown;
  readonly signal: AbortSignal;
}

/**
 * Runs the SQL in an emulator. Errors that BigQuery finds before a query starts come as `refusal`: the emulator has them as
 * a job that failed.
 */
export async function upstreamOutcome(query: UpstreamQuery): Promise<JobOutcome | { readonly refusal: GoogleError }> {
  const { upstream, project, jobId, configuration, signal } = query;
  const base = `${upstream}/bigquery/v2/projects/${encodeURIComponent(project)}`;
  const job = await askJson(`${base}/jobs`, signal, { jobReference: { projectId: project, jobId }, configuration });
  if (job.error !== undefined) return { refusal: readRefusal(job.error) };
  const error = readError(jsonRecord(job.status).errorResult);
  const statistics = jsonRecord(jsonRecord(job.statistics).query);
  const statementType = typeof statistics.statementType === "string" ? statistics.statementType : "SELECT";
  if (error !== undefined) {
    const refusal = asRefusal(error);
    return refusal === undefined ? { statementType, schema: [], rows: [], error, queryStatistics: {} } : { refusal };
  }
  const results = await askJson(`${base}/queries/${encodeURIComponent(jobId)}?maxResults=10000`, signal);
  const rows = results.rows;
  const { numDmlAffectedRows, ddlOperationPerformed } = statistics;
  return {
    statementType,
    schema: readFields(jsonRecord(results.schema).fields),
    rows: Array.isArray(rows) ? rows : [],
    queryStatistics: {
      ...(numDmlAffectedRows === undefined ? {} : { numDmlAffectedRows }),
      ...(ddlOperationPerformed === undefined ? {} : { ddlOperationPerformed }),
    },
  };
}

async function askJson(url: string, signal: AbortSignal, body?: unknown): Promise<JsonRecord> {
  const post = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const answer = await fetch(url, { signal, ...(body === undefined ? {} : post) });
  const text = await answer.text();
  const isRefusal = body !== undefined && answer.status < 500;
  if (!answer.ok && !isRefusal) throw new Error(`The emulator answered ${answer.status} to ${url}: ${text}`);
  return jsonRecord(JSON.parse(text));
}

function readRefusal(value: unknown): GoogleError {
  const { code, message, errors } = jsonRecord(value);
  const { reason } = jsonRecord(Array.isArray(errors) ? errors[0] : undefined);
  return { status: Number(code), reason: String(reason), message: String(message) };
}

function readError(value: unknown): ErrorProto | undefined {
  if (value === undefined) return undefined;
  const { reason, message, location } = jsonRecord(value);
  return {
    reason: String(reason),
    message: stripVTControlCharacters(String(message)),
    ...(typeof location === "string" ? { location } : {}),
  };
}

function asRefusal({ reason, message }: ErrorProto): GoogleError | undefined {
  if (reason === "notFound") return { status: 404, reason, message };
  if (reason === "accessDenied") return { status: 403, reason, message };
  const isStatic = /^Syntax error|Parser Error|Binder Error|Catalog Error|Unrecognized name/i.test(message);
  return reason === "invalidQuery" && isStatic ? { status: 400, reason, message, location: "q" } : undefined;
}

function readFields(value: unknown): TableField[] {
  if (!Array.isArray(value)) return [];
  return value.map((item): TableField => {
    const { name, type, mode, fields } = jsonRecord(item);
    const known = mode === "REPEATED" || mode === "REQUIRED" ? mode : "NULLABLE";
    const nested = fields === undefined ? {} : { fields: readFields(fields) };
    return { name: String(name), type: String(type), mode: known, ...nested };
  });
}
