import { isDeepStrictEqual } from "node:util";
import { jsonRecord } from "../../../plugins/bigquery/test/bigquery-shim/json-record.ts";
import type { BigQueryShim } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { Answered, ConnectorClient, CreatedTask, PolledResource } from "./connector-client.ts";
import type { Facts } from "./facts.ts";

/** How a job is lived through. */
export interface JobLife {
  /** How often it is created at once, with the same execution each time. @default 1 */
  readonly creates?: number;
  /** How often it is polled at most; its end is not polled again. @default 1 */
  readonly polls?: number;
  /** Whether it is polled after it was deleted, too. @default false */
  readonly isPolledAfterDelete?: boolean;
  /** Deadline of its polls and its delete, in milliseconds. @default 60000 */
  readonly timeoutMs?: number;
}

/** What becomes of a task from create to delete: what BigQuery was told of it, and what Flyte is told of the job. */
export async function liveThrough(
  client: ConnectorClient,
  bigquery: BigQueryShim,
  task: CreatedTask,
  { creates = 1, polls = 1, isPolledAfterDelete = false, timeoutMs }: JobLife = {},
): Promise<Facts> {
  const options = { connection: task.connection, timeoutMs };
  const before = { requests: bigquery.requests.length, jobs: bigquery.jobs.length };
  const others = Array.from({ length: creates - 1 }, () => client.create(task));
  const [created] = await Promise.all([client.create(task), ...others]);
  const sent = bigquery.requests.slice(before.requests).findLast(({ call }) => call === "insert");
  const facts: Record<string, string> = {
    create: created.kind === "ok" ? "OK" : errorFact(created),
    ...(sent === undefined ? {} : sentFacts(sent.json, sent.headers["user-agent"])),
    jobs: String(bigquery.jobs.length - before.jobs),
  };
  if (created.kind === "error") return facts;
  const { job, shorten } = namesOf(created.value, bigquery);
  facts.job = shorten(JSON.stringify(JSON.parse(jobText(created.value))));
  for (let poll = 1; poll <= polls; poll += 1) {
    const polled = await client.get(created.value, options);
    Object.assign(facts, pollFacts(`poll ${poll}`, polled, shorten));
    if (polled.kind === "ok" && ends.has(polled.value.phase)) break;
  }
  const deleted = await client.delete(created.value, options);
  facts.delete = deleted.kind === "ok" ? "OK" : errorFact(deleted);
  facts.cancelled = String(job?.isCancelled ?? false);
  if (isPolledAfterDelete) {
    Object.assign(facts, pollFacts("after delete", await client.get(created.value, options), shorten));
  }
  if (job?.state === "DONE" && job.error === undefined) facts.rows = JSON.stringify(job.outcome.rows);
  const callers = bigquery.requests.slice(before.requests).flatMap(({ call, identity }) => {
    return call === "insert" || call === "get" || call === "cancel" ? [identity ?? "nobody"] : [];
  });
  facts.callers = [...new Set(callers)].join(", ");
  return facts;
}

/** One answer of GetTask. */
export function pollFacts(name: string, polled: Answered<PolledResource>, shorten: (text: string) => string): Facts {
  if (polled.kind === "error") return { [name]: errorFact(polled) };
  const { phase, message, links, outputs, customInfo } = polled.value;
  const outputText = outputs === undefined ? "none" : JSON.stringify(outputs);
  return {
    [name]: phase,
    [`${name} message`]: shorten(message),
    ...Object.fromEntries(
      links.flatMap((link, index) =>
        Object.entries(link).map(([key, value]) => [`${name} link ${index + 1} ${key}`, shorten(String(value))]),
      ),
    ),
    [`${name} outputs`]: shorten(outputText),
    [`${name} custom info`]: customInfo === undefined ? "none" : "some",
  };
}

/** A job's own names, which differ from server to server. */
export interface JobNames {
  readonly job: BigQueryShim["jobs"][number] | undefined;
  shorten(text: string): string;
}

/** Reads the id out of `resource_meta`. */
export function namesOf(resourceMeta: Uint8Array, bigquery: BigQueryShim): JobNames {
  const { job_id: jobId } = jsonRecord(JSON.parse(jobText(resourceMeta)));
  const job = bigquery.jobs.find((known) => known.jobId === jobId);
  const { datasetId, tableId } = job?.destination ?? {};
  const isAnonymous = tableId?.startsWith("anon") ?? false;
  return {
    job,
    shorten(text) {
      const short = job === undefined ? text : text.replaceAll(job.jobId, "<id>");
      return isAnonymous ? short.replaceAll(`${datasetId}.${tableId}`, "<anonymous>") : short;
    },
  };
}

const ends: ReadonlySet<string> = new Set(["SUCCEEDED", "FAILED", "RETRYABLE_FAILED", "ABORTED"]);

function jobText(resourceMeta: Uint8Array): string {
  return new TextDecoder().decode(resourceMeta);
}

function sentFacts(body: unknown, userAgent: string | undefined): Facts {
  const { jobReference, configuration } = jsonRecord(body);
  const { labels, query, ...others } = jsonRecord(configuration);
  const { query: statement, useLegacySql, parameterMode, queryParameters, ...config } = jsonRecord(query);
  const parameters = (Array.isArray(queryParameters) ? queryParameters : []).map(jsonRecord);
  return {
    "sent statement": String(statement),
    "sent dialect": useLegacySql === false ? "GoogleSQL" : "legacy",
    // Maps have no order in protobuf.
    "sent parameters": JSON.stringify(
      parameters
        .map(({ name, parameterType, parameterValue }) => ({ name, parameterType, parameterValue }))
        .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1)),
    ),
    "sent location": String(jsonRecord(jobReference).location ?? "none"),
    "sent labels": Object.keys(jsonRecord(labels)).length === 0 ? "none" : "some",
    "sent config": isDeepStrictEqual({ ...config, ...others }, {}) ? "none" : JSON.stringify({ ...config, ...others }),
    "sent user agent": (userAgent ?? "none").replace(/^gl-python.* (?=Flyte)/, "").replace(/ gl-python.*/, ""),
  };
}

/** Status and the first line of what is said; Python puts a traceback before it. */
function errorFact({ status, text }: { readonly status: string; readonly text: string }): string {
  const said = text.split(/^Message:$|with error:$/m).at(-1) ?? text;
  const line = said
    .split("\n")
    .map((one) => one.trim())
    .find((one) => one !== "");
  const own = /http:\S+|[0-9a-f]{8}-[0-9a-f-]{27}/g;
  return `${status}: ${(line ?? "").replaceAll(own, "…")}`;
}
