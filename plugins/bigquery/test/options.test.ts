import { afterEach, expect, it, vi } from "vitest";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery } from "./serve-bigquery.ts";

afterEach(() => vi.unstubAllEnvs());

it("runs the jobs of tasks that name no project and no location in the operator's", async () => {
  await using served = await serveBigQuery({ options: { project: "acme-shared", location: "europe-west1" } });
  const { host, bigQuery } = served;
  await host.create(bigQueryTask({ custom: { ProjectID: null, Location: null } }));
  await host.create(bigQueryTask());
  expect(bigQuery.jobs.map(({ projectId, location }) => [projectId, location])).toEqual([
    ["acme-shared", "europe-west1"],
    ["acme-dw", "EU"],
  ]);
});

it("refuses projects that the operator does not allow", async () => {
  await using served = await serveBigQuery({ options: { allowedProjects: ["acme-shared"] } });
  expect((await served.host.run(bigQueryTask())).message).toContain(
    'custom.ProjectID: the operator of this server does not allow jobs in "acme-dw", only in acme-shared',
  );
  await using closed = await serveBigQuery({ options: { allowedProjects: [] } });
  expect((await closed.host.run(bigQueryTask())).message).toContain(
    'does not allow jobs in "acme-dw", nor in any other project [invalid_task]',
  );
});

it.each([
  [undefined, "1000"],
  ["10", "10"],
  ["1000", "1000"],
  ["1001", "1000"],
  ["0", "1000"],
  ["-5", "1000"],
  ["1e3", "1000"],
  ["many", "1000"],
])("a task that asks for maximumBytesBilled %o gets %o of a ceiling of 1000", async (asked, got) => {
  await using served = await serveBigQuery({ options: { maximumBytesBilled: 1000 } });
  const { host, bigQuery } = served;
  await host.create(bigQueryTask({ custom: asked === undefined ? {} : { maximumBytesBilled: asked } }));
  expect(bigQuery.jobs[0]?.configuration.query).toMatchObject({ maximumBytesBilled: got });
});

it("keeps the ceiling where the config is ignored", async () => {
  await using served = await serveBigQuery({ options: { maximumBytesBilled: 1000, ignoreQueryJobConfig: true } });
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ totalBytesBilled: 2000 });
  expect(await host.run(bigQueryTask({ custom: { maximumBytesBilled: "5000" } }))).toMatchObject({
    phase: "failed",
    message: expect.stringMatching(/1000.*bytesBilledLimitExceeded/),
  });
});

it("honours a task's QueryJobConfig, which the Python connectors do not", async () => {
  await using served = await serveBigQuery({ options: { priority: "BATCH" } });
  const { host, bigQuery } = served;
  const config = {
    destinationTable: { projectId: "acme-dw", datasetId: "out", tableId: "t" },
    writeDisposition: "WRITE_TRUNCATE",
    createDisposition: "CREATE_IF_NEEDED",
    priority: "INTERACTIVE",
    useQueryCache: false,
    defaultDataset: { projectId: "acme-dw", datasetId: "raw" },
    clustering: { fields: ["a"] },
    timePartitioning: { type: "DAY" },
    schemaUpdateOptions: ["ALLOW_FIELD_ADDITION"],
    allowLargeResults: true,
  };
  await host.create(
    bigQueryTask({ custom: { ...config, secrets: { google_application_credentials: "k" }, configs: { a: "b" } } }),
  );
  expect(bigQuery.jobs[0]?.configuration.query).toEqual({ ...config, query: "SELECT 1 AS n", useLegacySql: false });
});

it("ignores it as they do if the operator says so", async () => {
  await using served = await serveBigQuery({ options: { ignoreQueryJobConfig: true, priority: "BATCH" } });
  const { host, bigQuery } = served;
  const queryParameters = [{ name: "lost", parameterType: { type: "INT64" }, parameterValue: { value: "1" } }];
  const custom = { writeDisposition: "WRITE_TRUNCATE", queryParameters };
  await host.create(bigQueryTask({ custom, inputTypes: { x: { simple: "INTEGER" } }, inputs: { x: 1 } }));
  expect(bigQuery.jobs[0]?.configuration.query).toEqual({
    query: "SELECT 1 AS n",
    useLegacySql: false,
    priority: "BATCH",
    parameterMode: "NAMED",
    queryParameters: [{ name: "x", parameterType: { type: "INT64" }, parameterValue: { value: "1" } }],
  });
});

it.each(["http://", ""])(
  "finds an emulator at BIGQUERY_EMULATOR_HOST, written with %o before the host",
  async (scheme) => {
    await using bigQuery = await startBigQuery();
    vi.stubEnv("BIGQUERY_EMULATOR_HOST", `${scheme}${new URL(bigQuery.endpoint).host}`);
    await using served = await serveBigQuery({ options: { endpoint: undefined } });
    expect(await served.host.run(bigQueryTask())).toMatchObject({ phase: "succeeded" });
    expect(bigQuery.jobs).toHaveLength(1);
  },
);

it("takes the option endpoint before BIGQUERY_EMULATOR_HOST, and refuses what is no address", async () => {
  vi.stubEnv("BIGQUERY_EMULATOR_HOST", "localhost:1");
  await using served = await serveBigQuery();
  expect(await served.host.run(bigQueryTask())).toMatchObject({ phase: "succeeded" });
  vi.stubEnv("BIGQUERY_EMULATOR_HOST", "http://user:pass@localhost");
  await expect(serveBigQuery({ options: { endpoint: undefined } })).rejects.toThrow(
    /BIGQUERY_EMULATOR_HOST is no address/,
  );
});

it.each([
  [{ maximumBytesBilled: 0 }, "maximumBytesBilled"],
  [{ maximumBytesBilled: "1 GB" }, "maximumBytesBilled"],
  [{ priority: "batch" }, "priority"],
  [{ labels: { Team: "data" } }, "labels"],
  [{ endpoint: "https://user@example.com" }, "endpoint"],
  [{ allowedProjects: "acme-dw" }, "allowedProjects"],
  [{ impersonate: "nobody" }, "impersonate"],
  [{ datetimeType: "TIME" }, "datetimeType: expected DATETIME, TIMESTAMP or DATE"],
])("refuses the options %o", async (options, key) => {
  await expect(serveBigQuery({ options })).rejects.toThrow(key);
});
