import { createTestHost, type TestHost } from "@flyte-agent/testing";
import plugin from "../dist/index.js";
import { type BigQueryShim, type BigQueryShimOptions, startBigQuery } from "./bigquery-shim/start-bigquery.ts";

/** What a test says of the server and of BigQuery. */
export interface ServedBigQueryOptions {
  /** The operator's options beside `endpoint`. */
  readonly options?: object;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly bigQuery?: BigQueryShimOptions;
}

/** The plugin in a server, and the BigQuery that it speaks to. */
export interface ServedBigQuery extends AsyncDisposable {
  readonly host: TestHost;
  readonly bigQuery: BigQueryShim;
}

// Nothing of the machine that runs the tests is to be found: no file of gcloud's, no metadata server.
delete process.env.GOOGLE_APPLICATION_CREDENTIALS;
const nowhere = "/there/is/no/such/folder";
Object.assign(process.env, { HOME: nowhere, CLOUDSDK_CONFIG: nowhere, METADATA_SERVER_DETECTION: "none" });

/** The task type that the plugin serves. */
export const taskType = "bigquery_query_job_task";

/** Starts a BigQuery, and a server with the plugin for it. */
export async function serveBigQuery({
  options = {},
  secrets = {},
  bigQuery: shimOptions = {},
}: ServedBigQueryOptions = {}): Promise<ServedBigQuery> {
  const bigQuery = await startBigQuery(shimOptions);
  const host = await createTestHost(plugin, {
    packageDir: new URL("..", import.meta.url),
    options: { endpoint: bigQuery.endpoint, ...options },
    secrets,
  });
  return {
    host,
    bigQuery,
    async [Symbol.asyncDispose]() {
      await host[Symbol.asyncDispose]();
      await bigQuery[Symbol.asyncDispose]();
    },
  };
}

/** A job's bytes as the object that they hold. */
export function readJob(job: Uint8Array): Record<string, unknown> {
  const value: unknown = JSON.parse(Buffer.from(job).toString());
  if (typeof value === "object" && value !== null) return { ...value };
  throw new Error("the job is no object");
}
