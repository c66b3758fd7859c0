import type { BigQueryShim } from "../../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import type { ConnectorClient } from "./connector-client.ts";
import type { QueryFixture } from "./query-fixture.ts";

/** What a case works with: a Python connector and ours before the same BigQuery. */
export interface CaseContext {
  readonly generation: "1" | "2";
  readonly theirs: ConnectorClient;
  readonly ours: ConnectorClient;
  /** Ours, with the option `ignoreQueryJobConfig`. */
  readonly oursIgnoring: ConnectorClient;
  readonly bigquery: BigQueryShim;
  /** Name of an execution that no other case has. */
  newExecution(): string;
  fixture(name: string): QueryFixture;
}
