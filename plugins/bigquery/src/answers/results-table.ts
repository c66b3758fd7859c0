import {
  type LiteralType,
  type StructuredDatasetValue,
  structuredDataset,
  type TableColumn,
  types,
} from "@flyte-agent/sdk";
import type { Column } from "../api/bigquery-client.ts";
import type { TableReference } from "../api/job-resource.ts";

/** The output `results`. */
export type ResultsTable = StructuredDatasetValue;

/** The table that a job wrote its rows to, the anonymous one included, under the address that the Python SDKs read. */
export function resultsTable(
  { projectId, datasetId, tableId }: TableReference,
  columns: readonly Column[],
): ResultsTable {
  const uri = `bq://${projectId}:${datasetId}.${tableId}`;
  return structuredDataset(uri, columns.length === 0 ? {} : { columns: columns.map(tableColumn) });
}

/** What a job without a table (DDL, a script) answers: a task that declares `results` needs something there. */
export const noTable: ResultsTable = structuredDataset("");

/** What BigQuery's types are to Flyte; those that it does not have are strings there. */
const columnTypes: Readonly<Record<string, LiteralType>> = {
  INTEGER: types.integer,
  INT64: types.integer,
  FLOAT: types.float,
  FLOAT64: types.float,
  BOOLEAN: types.boolean,
  BOOL: types.boolean,
  DATE: types.datetime,
  DATETIME: types.datetime,
  TIMESTAMP: types.datetime,
  INTERVAL: types.duration,
  BYTES: types.binary,
  JSON: types.struct,
  RECORD: types.struct,
  STRUCT: types.struct,
};

function tableColumn({ name, type, mode }: Column): TableColumn {
  const item = (Object.hasOwn(columnTypes, type) ? columnTypes[type] : undefined) ?? types.string;
  return { name, type: mode === "REPEATED" ? types.list(item) : item };
}
