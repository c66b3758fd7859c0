import { expect, it } from "vitest";
import { bigQueryTask } from "./bigquery-task.ts";
import { serveBigQuery, taskType } from "./serve-bigquery.ts";

it("has the job's timeline and errors as its log, page by page", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const error = { reason: "invalidQuery", message: "Division by zero" };
  bigQuery.nextInsert({ error, totalSlotMs: 40, warnings: [{ reason: "invalid", message: "Row 3 was skipped" }] });
  const job = await host.create(bigQueryTask());
  await host.get(taskType, job);

  const first = await host.logs(taskType, job, { lines: 4 });
  const second = await host.logs(taskType, job, { lines: 4, token: first.nextToken });

  expect([...first.lines, ...second.lines].map(({ message }) => message)).toEqual([
    "created",
    "started",
    "units: 1 completed, 0 active, 0 pending; slot time 40 ms",
    "invalidQuery: Division by zero",
    "invalid: Row 3 was skipped",
    "failed: Division by zero",
  ]);
  expect(second.nextToken).toBe("");
  expect(first.lines.every(({ timestamp }) => timestamp !== undefined)).toBe(true);
});

it("has only what there is of a job that waits", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ isHeld: true });
  const job = await host.create(bigQueryTask());
  expect((await host.logs(taskType, job)).lines.map(({ message }) => message)).toEqual(["created"]);
});

it("has what the job has cost and its timeline as metrics, in Prometheus' shape", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ totalBytesBilled: 2048, totalSlotMs: 40, cacheHit: true });
  const job = await host.create(bigQueryTask());
  await host.get(taskType, job);

  const queries = ["total_bytes_billed", "cache_hit", "slot_ms", "no_such_metric"];
  const metrics = await host.metrics(taskType, job, { queries });

  const at = expect.any(Number);
  expect(metrics).toEqual([
    { metric: "total_bytes_billed", data: vector("total_bytes_billed", [at, "2048"]) },
    { metric: "cache_hit", data: vector("cache_hit", [at, "1"]) },
    {
      metric: "slot_ms",
      data: { resultType: "matrix", result: [{ metric: { __name__: "slot_ms" }, values: [[at, "40"]] }] },
    },
  ]);
  expect((await host.metrics(taskType, job)).map(({ metric }) => metric)).toEqual([
    "total_bytes_processed",
    "total_bytes_billed",
    "total_slot_ms",
    "cache_hit",
    "slot_ms",
    "active_units",
    "pending_units",
    "completed_units",
  ]);
});

function vector(name: string, value: readonly unknown[]): object {
  return { resultType: "vector", result: [{ metric: { __name__: name }, value }] };
}
