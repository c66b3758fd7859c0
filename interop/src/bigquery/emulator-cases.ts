import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { jsonRecord } from "../../../plugins/bigquery/test/bigquery-shim/json-record.ts";
import { agentCommand } from "../harness/agent-command.ts";
import { makeAppRoot } from "../harness/make-app-root.ts";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { runProgram } from "../harness/run-program.ts";
import type { CaseResult, SuiteContext } from "../harness/suite.ts";

/** A statement that `flyte-agent run` gives to the emulator itself. */
export interface EmulatorCase {
  readonly name: string;
  readonly sql: string;
  /** How it ends, as `<phase>: <kind of statement, or what is said>`. */
  readonly end: RegExp;
}

/** One story: each goes on with the table that the one before has left. */
export const emulatorCases: readonly EmulatorCase[] = [
  {
    name: "emulator/CREATE TABLE",
    sql: "CREATE OR REPLACE TABLE shop.orders (name STRING, total FLOAT64)",
    end: /^succeeded: CREATE_TABLE$/,
  },
  {
    name: "emulator/INSERT",
    sql: "INSERT INTO shop.orders SELECT name, @total FROM UNNEST(@names) AS name",
    end: /^succeeded: INSERT$/,
  },
  {
    name: "emulator/SELECT",
    // Succeeds only if the two rows are there: the text cannot be made a number.
    sql: "SELECT CAST(IF(SUM(total) = 2 * @total, '1', 'no') AS INT64) FROM shop.orders WHERE name IN UNNEST(@names)",
    end: /^succeeded: SELECT$/,
  },
  {
    name: "emulator/script",
    sql: "DECLARE least FLOAT64 DEFAULT 1.0; DELETE FROM shop.orders WHERE total >= least;",
    end: /^succeeded: SCRIPT$/,
  },
  {
    name: "emulator/failure while it runs",
    sql: "SELECT CAST(CONCAT('rows: ', CAST(COUNT(*) AS STRING)) AS INT64) FROM shop.orders",
    end: /^failed: .*rows: 0.* \(invalidQuery.*\)$/,
  },
  { name: "emulator/wrong SQL", sql: "SELEC 1", end: /^failed: Syntax error: .*\[1:\d+\] \(invalidQuery.*\)$/ },
];

const inputs = { names: ["bolt", "nut"], total: 1.5 };

/** Runs a statement without the stand-in and without credentials, as on a laptop. */
export async function runOnEmulator(
  { sql, end }: EmulatorCase,
  { endpoint, generation }: { readonly endpoint: string; readonly generation: "1" | "2" },
  { evidenceFolder, signal }: SuiteContext,
): Promise<CaseResult> {
  const folder = join(evidenceFolder, "run");
  await makeAppRoot(folder, { plugins: [pluginFolder("bigquery")] });
  const task = {
    type: "bigquery_query_job_task",
    interface: {
      inputs: {
        variables: {
          names: { type: { collectionType: { simple: "STRING" } } },
          total: { type: { simple: "FLOAT" } },
        },
      },
      outputs: { variables: { results: { type: { structuredDatasetType: {} } } } },
    },
    custom: { ProjectID: "acme-dw", Location: null },
    sql: { statement: sql },
    inputs,
  };
  await writeFile(join(folder, "query.json"), JSON.stringify(task));
  const flags = ["run", "query.json", "--json", "--flyte", generation];
  const { stdout, stderr } = await runProgram(agentCommand(...flags), {
    cwd: folder,
    signal,
    logFile: join(evidenceFolder, "run.log"),
    env: {
      // Without http://, which the other cases have.
      BIGQUERY_EMULATOR_HOST: new URL(endpoint).host,
      GOOGLE_APPLICATION_CREDENTIALS: "",
      METADATA_SERVER_DETECTION: "none",
      HOME: folder,
    },
  });
  const result = readJson(stdout);
  const { phase, message, customInfo } = jsonRecord(result);
  const said = phase === "succeeded" ? jsonRecord(customInfo).statement_type : message;
  const ended = result === undefined ? stderr : `${String(phase)}: ${String(said)}`;
  return end.test(ended) ? { kind: "passed" } : { kind: "failed", reason: `expected ${end}, got ${ended}` };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
