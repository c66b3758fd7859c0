import { describeAgentContract } from "@flyte-agent/testing";
import { afterAll, beforeAll } from "vitest";
import plugin from "../dist/index.js";
import { type BigQueryShim, startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";

let bigQuery: BigQueryShim;

beforeAll(async () => {
  bigQuery = await startBigQuery();
});

afterAll(() => bigQuery[Symbol.asyncDispose]());

describeAgentContract({
  plugin,
  kind: "async",
  packageDir: new URL("..", import.meta.url),
  options: () => ({ endpoint: bigQuery.endpoint }),
  task: bigQueryTask({
    sql: "SELECT @day AS day, @names AS names",
    inputTypes: { day: { simple: "DATETIME" }, names: { collectionType: { simple: "STRING" } } },
    inputs: { day: "2026-11-24T00:00:00Z", names: ["a", "b"] },
  }),
  unknownJob: { job_id: "flyte_0123", project: "acme-dw", location: "EU" },
  requiredCustomKeys: ["ProjectID"],
  requiredInputs: ["day", "names"],
  stall: () => {
    for (const call of ["insert", "get", "cancel"] as const) bigQuery.disturb(call, { kind: "hang" }, 100);
  },
  cleanUp: () => bigQuery.calm(),
});
