import { afterAll, expect, it, vi } from "vitest";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery } from "./serve-bigquery.ts";

afterAll(() => vi.unstubAllEnvs());

// In a file of its own: Google's library looks once per process whether there is a metadata server.
it("takes the token of the metadata server, which is where GKE's workload identity has it", async () => {
  await using bigQuery = await startBigQuery({ requiresTokens: true });
  vi.stubEnv("METADATA_SERVER_DETECTION", undefined);
  vi.stubEnv("GCE_METADATA_HOST", new URL(bigQuery.endpoint).host);
  await using served = await serveBigQuery({ options: { endpoint: bigQuery.endpoint } });
  expect(await served.host.run(bigQueryTask())).toMatchObject({ phase: "succeeded" });
  expect(bigQuery.requestsOf("insert").map(({ identity }) => identity)).toEqual([
    "workload@acme-dw.iam.gserviceaccount.com",
  ]);
});
