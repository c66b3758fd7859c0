import { expect, it } from "vitest";
import { bigQueryTask } from "./bigquery-task.ts";
import { readJob, serveBigQuery, taskType } from "./serve-bigquery.ts";

it("runs a query to its results, with the console's link in each phase", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({
    pendingPolls: 1,
    runningPolls: 1,
    totalBytesBilled: 10_485_760,
    totalSlotMs: 1234,
    schema: [
      { name: "id", type: "INTEGER" },
      { name: "price", type: "NUMERIC" },
      { name: "at", type: "TIMESTAMP" },
      { name: "tags", type: "STRING", mode: "REPEATED" },
      { name: "item", type: "RECORD", fields: [{ name: "n", type: "FLOAT" }] },
    ],
  });

  const job = await host.create(bigQueryTask());
  const { job_id: jobId } = readJob(job);
  const link = {
    name: "BigQuery Console",
    uri: `https://console.cloud.google.com/bigquery?project=acme-dw&j=bq:EU:${jobId}&page=queryresults`,
  };
  const [pending, running, done] = [
    await host.get(taskType, job),
    await host.get(taskType, job),
    await host.get(taskType, job),
  ];

  expect(pending).toMatchObject({ phase: "initializing", message: "PENDING", logLinks: [link] });
  expect(running).toMatchObject({ phase: "running", logLinks: [link] });
  expect(done).toMatchObject({
    phase: "succeeded",
    logLinks: [link],
    customInfo: { statement_type: "SELECT", total_bytes_billed: 10_485_760, total_slot_ms: 1234, cache_hit: false },
  });
  const { results } = done.outputs ?? {};
  expect(results).toMatchObject({
    kind: "structured_dataset",
    uri: expect.stringMatching(/^bq:\/\/acme-dw:_\w+\.anon\w+$/),
    format: "",
    columns: [
      { name: "id", type: { type: { case: "simple", value: 1 } } },
      { name: "price", type: { type: { case: "simple", value: 3 } } },
      { name: "at", type: { type: { case: "simple", value: 5 } } },
      {
        name: "tags",
        type: { type: { case: "collectionType", value: { type: { case: "simple", value: 3 } } } },
      },
      { name: "item", type: { type: { case: "simple", value: 9 } } },
    ],
  });
});

it.each([
  [1, "Flytekit/1.16.31 (GPN:Union;production)"],
  [2, "Flyte/1.16.31 (GPN:Union;production)"],
] as const)(
  "asks BigQuery under the user agent of Flyte %i, and writes its Python connector's job",
  async (flyte, userAgent) => {
    await using served = await serveBigQuery();
    const { host, bigQuery } = served;

    const job = await host.create(bigQueryTask(), { flyte });

    expect(bigQuery.requestsOf("insert").map(({ headers }) => headers["user-agent"])).toEqual([userAgent]);
    const keys = { job_id: expect.stringMatching(/^flyte_[0-9a-f]{64}$/), project: "acme-dw", location: "EU" };
    expect(readJob(job)).toEqual(flyte === 1 ? keys : { ...keys, user_agent: userAgent });
  },
);

it("labels the job with what Flyte says of the execution, in BigQuery's letters", async () => {
  await using served = await serveBigQuery({ options: { labels: { team: "data", "flyte-node": "mine" } } });
  const { host, bigQuery } = served;
  const labels = { "execution-id": "Run.1", "1odd/Key": "Ünï cödé", ...manyLabels(80) };

  await host.create(bigQueryTask(), {
    execution: { project: "shop", domain: "production", name: "run-1", nodeId: "n0-n1", attempt: 2, labels },
  });

  const sent = bigQuery.jobs[0]?.configuration.labels;
  expect(sent).toMatchObject({
    team: "data",
    "flyte-project": "shop",
    "flyte-domain": "production",
    "flyte-execution": "run-1",
    "flyte-node": "mine",
    "flyte-attempt": "2",
    "execution-id": "run_1",
    odd_key: "ünï_cödé",
  });
  expect(Object.keys(sent ?? {})).toHaveLength(64);
});

it.each(["CREATE OR REPLACE TABLE shop.t (a INT64)", "INSERT INTO shop.t VALUES (1)", "DECLARE a INT64; SELECT 1"])(
  "succeeds with an empty table where a statement leaves none: %s",
  async (sql) => {
    await using served = await serveBigQuery();
    const { phase, outputs } = await served.host.run(bigQueryTask({ sql }));
    expect({ phase, outputs }).toMatchObject({ phase: "succeeded", outputs: { results: { uri: "" } } });
    expect(served.bigQuery.requestsOf("results")).toHaveLength(0);
  },
);

it("succeeds for a task that declares no results", async () => {
  await using served = await serveBigQuery();
  const { phase, outputs } = await served.host.run(bigQueryTask({ hasResults: false }));
  expect({ phase, outputs }).toEqual({ phase: "succeeded", outputs: {} });
});

it.each([
  ["refused", { kind: "error", error: { status: 404, reason: "notFound", message: "Not found: Table" } } as const],
  ["not answered", { kind: "hang" } as const],
])("gives the results without columns if those are %s", async (_what, fault) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = await host.create(bigQueryTask());
  bigQuery.disturb("results", fault, 100);
  const { phase, outputs } = await host.get(taskType, job, { timeoutMs: 4000 });
  expect(phase).toBe("succeeded");
  expect(outputs?.results).toMatchObject({ uri: expect.stringMatching(/^bq:/) });
  expect(outputs?.results).not.toHaveProperty("columns");
});

it("names the destination table that a task asks for", async () => {
  await using served = await serveBigQuery();
  const destinationTable = { projectId: "acme-dw", datasetId: "out", tableId: "orders_daily" };
  const task = bigQueryTask({ custom: { destinationTable, writeDisposition: "WRITE_TRUNCATE" } });
  const { outputs } = await served.host.run(task);
  expect(outputs).toMatchObject({ results: { uri: "bq://acme-dw:out.orders_daily" } });
});

it("stops a job of Flyte 2 after its task's time, which nobody else does there", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const task = bigQueryTask({ template: { metadata: { timeout: "90s" } } });
  for (const flyte of [1, 2] as const) await host.create(task, { flyte });
  // BigQuery takes whole milliseconds.
  await host.create(bigQueryTask({ template: { metadata: { timeout: "0.000000001s" } } }), { flyte: 2 });
  expect(bigQuery.jobs.map(({ configuration }) => configuration.jobTimeoutMs)).toEqual([undefined, "90000", "1"]);
});

function manyLabels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`label-${index}`, "x"]));
}
