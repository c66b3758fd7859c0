import { type ContractJob, describeAgentContract } from "@flyte-agent/testing";
import { afterAll } from "vitest";
import plugin from "../dist/index.js";
import type { JobState } from "./bigquery-shim/job-script.ts";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";

const bigQuery = await startBigQuery({ requiresTokens: true });
bigQuery.everyInsert({ isHeld: true });

afterAll(() => bigQuery[Symbol.asyncDispose]());

describeAgentContract({
  plugin,
  kind: "async",
  packageDir: new URL("..", import.meta.url),
  options: { endpoint: bigQuery.endpoint, credentialsSecret: "bigquery_key" },
  secrets: { bigquery_key: JSON.stringify(bigQuery.serviceAccountKey()) },
  task: bigQueryTask({
    sql: "SELECT @day AS day, @names AS names",
    inputTypes: { day: { simple: "DATETIME" }, names: { collectionType: { simple: "STRING" } } },
    inputs: { day: "2026-11-24T00:00:00Z", names: ["a", "b"] },
  }),
  settle: (job) => move(job, "DONE"),
  states: {
    initializing: () => {},
    running: (job) => move(job, "RUNNING"),
    succeeded: (job) => move(job, "DONE"),
  },
  unknownJob: { job_id: "flyte_0123", project: "acme-dw", location: "EU" },
  requiredCustomKeys: ["ProjectID"],
  requiredInputs: ["day", "names"],
  stall: () => {
    for (const call of ["insert", "get", "cancel"] as const) bigQuery.disturb(call, { kind: "hang" }, 100);
  },
  cleanUp: () => bigQuery.calm(),
});

function move({ value }: ContractJob, state: JobState): void {
  bigQuery.job(String(value.job_id)).moveTo(state);
}
