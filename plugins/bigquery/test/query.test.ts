import { createTestHost } from "@flyte-agent/testing";
import { expect, it } from "vitest";
import plugin from "../dist/index.js";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";

it("runs a query to its results", async () => {
  await using bigQuery = await startBigQuery();
  await using host = await createTestHost(plugin, { options: { endpoint: bigQuery.endpoint } });
  bigQuery.nextInsert({ pendingPolls: 1, runningPolls: 1 });

  const job = await host.create(bigQueryTask());
  const get = () => host.get("bigquery_query_job_task", job);

  expect(await get()).toMatchObject({ phase: "initializing", message: "PENDING" });
  expect(await get()).toMatchObject({ phase: "running" });
  expect(await get()).toMatchObject({
    phase: "succeeded",
    outputs: { results: { kind: "structured_dataset", uri: expect.stringMatching(/^bq:\/\/acme-dw:_\w+\.anon\w+$/) } },
  });
});
