import { expect, it } from "vitest";
import { backendFault } from "./bigquery-shim/fault.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery, taskType } from "./serve-bigquery.ts";

it("cancels a job where it runs, and says what BigQuery says of it then", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ isHeld: true });
  const job = await host.create(bigQueryTask());
  await host.delete(taskType, job);
  expect(bigQuery.jobs[0]?.isCancelled).toBe(true);
  expect(bigQuery.requestsOf("cancel")[0]?.path).toContain("location=EU");
  expect(await host.get(taskType, job)).toMatchObject({
    phase: "failed",
    message: "Job execution was cancelled: User requested cancellation (stopped)",
  });
});

it("succeeds twice, for jobs that have ended, and for jobs that BigQuery does not know", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = await host.create(bigQueryTask());
  await host.get(taskType, job);
  await host.delete(taskType, job);
  await host.delete(taskType, job);
  expect(bigQuery.requestsOf("cancel")).toHaveLength(2);
  await host.delete(taskType, Buffer.from(JSON.stringify({ job_id: "gone", project: "acme-dw", location: null })));
});

it("tries again when BigQuery is in trouble, and says so if that does not help: Flyte then repeats it", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = await host.create(bigQueryTask());
  bigQuery.disturb("cancel", backendFault());
  await host.delete(taskType, job);
  bigQuery.disturb("cancel", backendFault(), 1000);
  await expect(host.delete(taskType, job, { timeoutMs: 3000 })).rejects.toThrow(/BigQuery answers HTTP 503/);
});
