import { expect, it } from "vitest";
import { backendFault, quotaFault, rateLimitFault } from "./bigquery-shim/fault.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { readJob, serveBigQuery, taskType } from "./serve-bigquery.ts";

const execution = { name: "run-1", nodeId: "n0" };

it("makes one job of ten equal creates at once", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const jobs = await Promise.all(Array.from({ length: 10 }, () => host.create(bigQueryTask(), { execution })));
  expect(new Set(jobs.map((job) => Buffer.from(job).toString()))).toHaveLength(1);
  expect(bigQuery.jobs).toHaveLength(1);
});

it("makes one job of equal creates on two servers", async () => {
  await using served = await serveBigQuery();
  await using other = await serveBigQuery({ options: { endpoint: served.bigQuery.endpoint } });
  const hosts = [served.host, other.host, served.host, other.host];
  const jobs = await Promise.all(hosts.map((host) => host.create(bigQueryTask(), { execution })));
  expect(new Set(jobs.map((job) => Buffer.from(job).toString()))).toHaveLength(1);
  expect(served.bigQuery.jobs).toHaveLength(1);
});

it("makes another job for the next attempt", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  for (const attempt of [0, 1]) await host.create(bigQueryTask(), { execution: { ...execution, attempt } });
  expect(new Set(bigQuery.jobs.map(({ jobId }) => jobId))).toHaveLength(2);
});

it("adopts the job whose answer was lost on its way", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { kind: "cut", isDone: true });
  const job = await host.create(bigQueryTask(), { execution });
  expect(bigQuery.requestsOf("insert")).toHaveLength(2);
  expect(bigQuery.jobs.map(({ jobId }) => jobId)).toEqual([readJob(job).job_id]);
  expect(await host.get(taskType, job)).toMatchObject({ phase: "succeeded" });
});

it("looks again for a job that BigQuery has taken but does not show yet", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { kind: "cut", isDone: true });
  bigQuery.disturb("get", { kind: "error", error: { status: 404, reason: "notFound", message: "Not found: Job" } }, 2);
  const job = await host.create(bigQueryTask(), { execution });
  expect(bigQuery.jobs.map(({ jobId }) => jobId)).toEqual([readJob(job).job_id]);
});

it("finds a lost job again where BigQuery has chosen its location", async () => {
  await using served = await serveBigQuery({ bigQuery: { defaultLocation: "europe-west1" } });
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { kind: "cut", isDone: true });
  const job = await host.create(bigQueryTask({ custom: { Location: null } }), { execution });
  expect(readJob(job)).toMatchObject({ location: "europe-west1" });
  expect(bigQuery.requestsOf("get")[0]?.path).toContain("location=europe-west1");
});

it("does not take another's job with the same id for its own", async () => {
  await using served = await serveBigQuery();
  // The first one would answer with its own job, without asking BigQuery.
  await using other = await serveBigQuery({ options: { endpoint: served.bigQuery.endpoint } });
  const task = bigQueryTask({ sql: "SELECT 1" });
  const first = await served.host.create(task, { execution });
  Object.assign(served.bigQuery.jobs[0]?.configuration.query ?? {}, { query: "SELECT 2" });
  const second = await other.host.create(task, { execution });
  expect(served.bigQuery.jobs).toHaveLength(1);
  expect(await other.host.get(taskType, second)).toMatchObject({
    phase: "failed",
    message: `Already Exists: Job acme-dw:EU.${readJob(first).job_id} (duplicate) [vendor_refused]`,
  });
});

it("keeps the location that BigQuery answers, for the job and its link", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ location: "asia-east1", isHeld: true });
  const job = await host.create(bigQueryTask({ custom: { Location: null } }));
  expect(readJob(job)).toMatchObject({ location: "asia-east1" });
  const { logLinks } = await host.get(taskType, job);
  expect(logLinks[0]?.uri).toContain("&j=bq:asia-east1:flyte_");
});

it.each([
  [400, "invalidQuery", 'Syntax error: Unexpected identifier "SELEC" at [1:1]'],
  [403, "accessDenied", "Access Denied: Project acme-dw: User does not have bigquery.jobs.create permission"],
  [404, "notFound", "Not found: Dataset acme-dw:nowhere was not found in location EU"],
])(
  "answers a refusal of jobs.insert (%i) with a job that has failed, in BigQuery's words",
  async (status, reason, message) => {
    for (const flyte of [1, 2] as const) {
      await using served = await serveBigQuery();
      const { host, bigQuery } = served;
      bigQuery.nextInsert({ refusal: { status, reason, message } });

      const job = await host.create(bigQueryTask(), { flyte });

      const resource = await host.get(taskType, job, { flyte });
      expect(resource).toMatchObject({
        phase: "failed",
        message: `${message} (${reason}) [vendor_refused]`,
        logLinks: [],
      });
      expect(bigQuery.requestsOf("get")).toHaveLength(0);
      await host.delete(taskType, job, { flyte });
      expect(bigQuery.requestsOf("cancel")).toHaveLength(0);
      expect((await host.logs(taskType, job, { flyte })).lines.map((line) => line.message)).toEqual([resource.message]);
      expect(await host.metrics(taskType, job, { flyte })).toEqual([]);
    }
  },
);

it("a refusal that may pass is worth another attempt", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const refusal = { status: 400, reason: "jobRateLimitExceeded", message: "Job exceeded rate limits" };
  bigQuery.nextInsert({ refusal });
  await expect(host.run(bigQueryTask())).rejects.toThrow(
    "Job exceeded rate limits (jobRateLimitExceeded) [vendor_unavailable]",
  );
});

it.each([
  ["refused:invalidQuery:Syntax error: at [1:1]", "failed", "Syntax error: at [1:1] (invalidQuery)"],
  ["refused:resourceInUse:Try again", "retryable_failed", "Try again (resourceInUse)"],
])("reads a refusal that an earlier release kept in the job: %s", async (jobId, phase, message) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = Buffer.from(JSON.stringify({ job_id: jobId, project: "acme-dw", location: "EU" }));
  expect(await host.get(taskType, job)).toMatchObject({ phase, message });
  expect((await host.logs(taskType, job)).lines.map((line) => line.message)).toEqual([message]);
  expect(await host.metrics(taskType, job)).toEqual([]);
  await host.delete(taskType, job);
  expect(bigQuery.requestsOf("get")).toHaveLength(0);
  expect(bigQuery.requestsOf("cancel")).toHaveLength(0);
});

it("adopts a refused job that BigQuery has kept", async () => {
  await using served = await serveBigQuery();
  await using other = await serveBigQuery({ options: { endpoint: served.bigQuery.endpoint } });
  const refusal = { status: 400, reason: "invalidQuery", message: "Unrecognized name: x at [1:8]", isKept: true };
  served.bigQuery.nextInsert({ refusal });
  for (const { host } of [served, other]) {
    const job = await host.create(bigQueryTask({ sql: "SELECT x" }), { execution });
    expect(await host.get(taskType, job)).toMatchObject({ phase: "failed", message: expect.stringContaining("[1:8]") });
  }
});

it("cuts a long refusal to what Flyte takes", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ refusal: { status: 400, reason: "invalid", message: '"ß\\'.repeat(3000) } });
  const job = await host.create(bigQueryTask());
  expect(job.byteLength).toBeLessThan(8192);
  expect(await host.get(taskType, job)).toMatchObject({
    phase: "failed",
    message: expect.stringMatching(/^"ß\\.*… \[vendor_refused\]$/),
  });
});

it.each([
  ["rateLimitExceeded with 403", rateLimitFault(403)],
  ["rateLimitExceeded with 429", rateLimitFault(429)],
  ["quotaExceeded", quotaFault()],
  ["503", backendFault(503)],
  ["500", backendFault(500)],
  ["a page of a proxy", { kind: "page", status: 502 } as const],
  ["a cut connection", { kind: "cut" } as const],
  ["half an answer", { kind: "stall" } as const],
  ["silence", { kind: "hang" } as const],
])("tries again after %s", async (_what, fault) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", fault);
  const job = await host.create(bigQueryTask(), { timeoutMs: 3000 });
  expect(bigQuery.jobs.map(({ jobId }) => jobId)).toEqual([readJob(job).job_id]);
});

it("waits as long as BigQuery asks for, and gives up at once if that is too long", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { ...rateLimitFault(429), retryAfterSeconds: 1 });
  const startMs = Date.now();
  await host.create(bigQueryTask(), { timeoutMs: 5000 });
  expect(Date.now() - startMs).toBeGreaterThanOrEqual(1000);

  bigQuery.disturb("insert", { ...rateLimitFault(429), retryAfterSeconds: 60 });
  await expect(host.create(bigQueryTask(), { timeoutMs: 5000 })).rejects.toThrow(
    /BigQuery answers HTTP 429 \(Exceeded rate limits: too many api requests/,
  );
  expect(bigQuery.requestsOf("insert")).toHaveLength(3);
});

it("does not ask in a hot loop where BigQuery asks for no wait, or until a time that is past", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { ...rateLimitFault(429), retryAfterSeconds: 0 }, 1000);
  await expect(host.create(bigQueryTask(), { timeoutMs: 3000 })).rejects.toThrow(/BigQuery answers HTTP 429/);
  // 100 ms and twice as much each time: some six in the time that there is.
  expect(bigQuery.requestsOf("insert").length).toBeLessThan(15);
});

it("says before the deadline that BigQuery does not answer", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.disturb("insert", { kind: "hang" }, 100);
  // At its deadline the server itself would say something else.
  await expect(host.create(bigQueryTask(), { timeoutMs: 4000 })).rejects.toThrow("BigQuery did not answer in time");
});

it("a task that is too large for Google's front end, which answers with a page, fails for good", async () => {
  await using served = await serveBigQuery();
  served.bigQuery.disturb("insert", { kind: "page", status: 413 });
  expect(await served.host.run(bigQueryTask())).toMatchObject({
    phase: "failed",
    message: "HTTP 413 (http413) [vendor_refused]",
  });
});

it.each([200, 307, 403, 404])(
  "tells the operator when something else answers at the address, HTTP %i",
  async (status) => {
    await using served = await serveBigQuery();
    const { host, bigQuery } = served;
    bigQuery.disturb("insert", { kind: "page", status });
    await expect(host.create(bigQueryTask())).rejects.toThrow(
      `what answers at the address of BigQuery is not BigQuery (HTTP ${status}). The operator should check endpoint`,
    );
    expect(served.bigQuery.requestsOf("insert")).toHaveLength(1);
  },
);

it("tells the log alone at which address nobody answers", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  await bigQuery[Symbol.asyncDispose]();
  const refusal = await host.create(bigQueryTask(), { timeoutMs: 2000 }).catch((reason: unknown) => String(reason));
  expect(refusal).toContain("BigQuery cannot be reached (ECONNREFUSED: nothing listens there)");
  expect(refusal).not.toContain(new URL(bigQuery.endpoint).host);
  expect(JSON.stringify(host.logRecords)).toContain(`connect ECONNREFUSED ${new URL(bigQuery.endpoint).host}`);
});

it.each([
  ["custom.ProjectID", "is missing: expected the id of a Google Cloud project", { ProjectID: undefined }],
  ["custom.ProjectID", "is null that does not fit: expected the id of", { ProjectID: null }],
  ["custom.ProjectID", "is a string that does not fit: expected the id of", { ProjectID: "../jobs" }],
  ["custom.ProjectID", "is a number that does not fit: expected the id of", { ProjectID: 7 }],
  ["custom.Location", 'is a string that does not fit: expected a location such as "EU", or none', { Location: "E U" }],
])("refuses a task whose %s %s", async (where, problem, custom) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  expect(await host.run(bigQueryTask({ custom }))).toMatchObject({
    phase: "failed",
    message: expect.stringContaining(`${where}: ${problem}`),
  });
  expect(bigQuery.requests).toHaveLength(0);
});

it("refuses a task without SQL", async () => {
  await using served = await serveBigQuery();
  const { sql: _, ...task } = bigQueryTask();
  expect(await served.host.run(task)).toMatchObject({
    phase: "failed",
    message: expect.stringMatching(/^sql\.statement: is missing.* \[invalid_task\]$/),
  });
});
