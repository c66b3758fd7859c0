import type { TaskDescription } from "@flyte-agent/testing";

/** What a test says of a task beside what every test wants. */
export interface BigQueryTaskParts {
  readonly sql?: string;
  /** Keys of `custom` beside ProjectID, Location and Domain, over which they win. */
  readonly custom?: object;
  /** Declared types by input name, in the JSON form of `flyteidl.core.LiteralType`. */
  readonly inputTypes?: Readonly<Record<string, object>>;
  readonly inputs?: object;
  /** Whether the task declares `results`. @default true */
  readonly hasResults?: boolean;
  readonly template?: object;
}

/** A task as flytekit's BigQueryTask serializes it. */
export function bigQueryTask(parts: BigQueryTaskParts = {}): TaskDescription {
  const { sql = "SELECT 1 AS n", custom = {}, inputTypes = {}, inputs = {}, hasResults = true, template = {} } = parts;
  const inputVariables = Object.entries(inputTypes).map(([name, type]) => [name, { type }]);
  return {
    type: "bigquery_query_job_task",
    metadata: { runtime: { type: "FLYTE_SDK", version: "1.16.31", flavor: "python" } },
    interface: {
      inputs: { variables: Object.fromEntries(inputVariables) },
      outputs: { variables: hasResults ? { results: { type: { structuredDatasetType: {} } } } : {} },
    },
    custom: { ProjectID: "acme-dw", Location: "EU", Domain: "production", ...custom },
    sql: { statement: sql, dialect: "ANSI" },
    inputs,
    ...template,
  };
}
