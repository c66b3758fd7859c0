import { type StructuredDatasetValue, structuredDataset } from "@flyte-agent/sdk";
import type { JobResource } from "./job-resource.ts";

/** The output `results`. */
export type ResultsTable = StructuredDatasetValue;

/**
 * The table that a job wrote its rows to, the anonymous one included, under the address that the Python SDKs read.
 * A job without one (DDL, DML, a script) has an empty address: a task that declares `results` needs something there.
 */
export function resultsTable({ configuration }: JobResource): ResultsTable {
  const { destinationTable: table } = configuration.query;
  return structuredDataset(table === undefined ? "" : `bq://${table.projectId}:${table.datasetId}.${table.tableId}`);
}
