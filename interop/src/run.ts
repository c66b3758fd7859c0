/**
 * The real peers against our server: `npm run interop [-- OPTIONS]`. See interop/README.md.
 *
 * Exits with 1 if a case failed, if in CI a case did not run, or if the committed table says otherwise.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { readTable, replaceTable } from "./harness/case-table.ts";
import { missingTool } from "./harness/missing-tool.ts";
import { runSuites, type TableRow } from "./harness/run-suites.ts";
import { runSummary } from "./harness/run-summary.ts";
import { tableChanges, updatedTable } from "./harness/table-changes.ts";
import { toJunit } from "./harness/to-junit.ts";
import { suites } from "./suites.ts";

const usage = `npm run interop -- [OPTIONS]
  --only REGEX         only the cases whose <suite>/<case> matches
  --json FILE          write the rows as JSON
  --junit FILE         write the rows as JUnit's XML
  --write-table        put the rows into interop/README.md
  --time-limit MINUTES end the run after so long (default 90)`;

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    json: { type: "string" },
    junit: { type: "string" },
    "write-table": { type: "boolean", default: false },
    "time-limit": { type: "string", default: "90" },
    help: { type: "boolean", short: "h", default: false },
  },
});
if (values.help) console.log(usage);
else process.exitCode = await run();
// A peer's client that was cut off may still hold a connection open.
process.exit();

async function run(): Promise<number> {
  const { env } = process;
  const isCi = (env.CI ?? "") !== "" && env.CI !== "false";
  const readme = fileURLToPath(new URL("../README.md", import.meta.url));
  const stop = new AbortController();
  const timeLimitMinutes = Number(values["time-limit"]);
  if (!(timeLimitMinutes > 0)) throw new Error(`--time-limit: got ${values["time-limit"]}, expected minutes`);
  setTimeout(
    () => stop.abort(new Error(`the time limit of ${timeLimitMinutes} minutes is over`)),
    timeLimitMinutes * 60_000,
  ).unref();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    process.on(name, () => stop.abort(new Error(`stopped by ${name}`)));
  }
  const evidenceFolder = fileURLToPath(new URL("../evidence", import.meta.url));
  const result = await runSuites({
    suites,
    only: values.only === undefined ? undefined : new RegExp(values.only),
    known: readTable(readFileSync(readme, "utf8")),
    cacheFolder: resolve(
      env.FLYTE_AGENT_INTEROP_CACHE || join(env.XDG_CACHE_HOME || join(homedir(), ".cache"), "flyte-agent-interop"),
    ),
    evidenceFolder,
    signal: stop.signal,
    leavesOutSlow: isCi && env.INTEROP_ALL !== "1",
    missingTool,
    print: (line) => console.log(line),
  });
  const { rows, leftOut } = result;
  // Read again: another run may have written to it in the meantime.
  const page = readFileSync(readme, "utf8");
  const before = readTable(page);
  const order = suites.map(({ name }) => name);
  const after = updatedTable(before, result, values.only === undefined, order);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ rows, leftOut }, null, 2)}\n`);
  if (values.junit !== undefined) writeFileSync(values.junit, toJunit(rows));
  if (values["write-table"]) writeFileSync(readme, replaceTable(page, after));
  const changes = values["write-table"] ? [] : tableChanges(before, after);

  console.log(runSummary(result, { changes, evidenceFolder, isCi }));
  if (values.only !== undefined && rows.length === 0) {
    const expected =
      "expected a regular expression for <suite>/<case>; a new case runs with its whole suite, '^<suite>/'";
    console.log(`--only: got ${values.only}, which matches no case of interop/README.md: ${expected}`);
    return 1;
  }
  const has = (kind: TableRow["result"]["kind"]): boolean => rows.some(({ result }) => result.kind === kind);
  return has("failed") || (isCi && has("not run")) || changes.length > 0 ? 1 : 0;
}
