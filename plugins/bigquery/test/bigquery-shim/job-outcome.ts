import type { ErrorProto, JobScript, TableField } from "./job-script.ts";

/** What running the SQL gives; a job shows it once it is DONE. */
export interface JobOutcome {
  readonly statementType: string;
  readonly schema: readonly TableField[];
  /** BigQuery's rows: `{ f: [{ v }] }`. */
  readonly rows: readonly unknown[];
  readonly error?: ErrorProto;
  /** Merged into `statistics.query`. */
  readonly queryStatistics: Readonly<Record<string, unknown>>;
}

/** The outcome that a script describes, without running anything. */
export function cannedOutcome(script: JobScript, statement: string): JobOutcome {
  return {
    statementType: statementType(statement),
    schema: script.schema ?? [{ name: "f0_", type: "INTEGER", mode: "NULLABLE" }],
    rows: (script.rows ?? [["1"]]).map((cells) => ({ f: cells.map((v) => ({ v })) })),
    queryStatistics: {},
  };
}

function statementType(statement: string): string {
  const text = statement.trim();
  if (/;\s*\S/.test(text)) return "SCRIPT";
  const [first = "", second = ""] = text.toUpperCase().split(/\s+/);
  if (/^(SELECT|WITH|\()/.test(first)) return "SELECT";
  return /^(CREATE|DROP|ALTER)$/.test(first) ? `${first}_${second}` : first;
}
