import { type LiteralType, type StructuredDatasetValue, structuredDataset, type TableColumn } from "@flyte-agent/sdk";
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

/** BigQuery's types as `flyteidl.core.SimpleType`; those that Flyte does not have are text there. */
const simpleTypes = {
  INTEGER: 1,
  INT64: 1,
  FLOAT: 2,
  FLOAT64: 2,
  BOOLEAN: 4,
  BOOL: 4,
  DATE: 5,
  DATETIME: 5,
  TIMESTAMP: 5,
  INTERVAL: 6,
  BYTES: 7,
  JSON: 9,
  RECORD: 9,
  STRUCT: 9,
} as const;
const text = 3;

function tableColumn({ name, type, mode }: Column): TableColumn {
  const simple = Object.entries(simpleTypes).find(([known]) => known === type)?.[1] ?? text;
  const item = literalType({ case: "simple", value: simple });
  return { name, type: mode === "REPEATED" ? literalType({ case: "collectionType", value: item }) : item };
}

function literalType(type: LiteralType["type"]): LiteralType {
  return { $typeName: "flyteidl2.core.LiteralType", type };
}
