import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { backendFault, quotaFault, rateLimitFault } from "./bigquery-shim/fault.ts";
import { bigQueryTask } from "./bigquery-task.ts";
import { readJob, serveBigQuery, taskType } from "./serve-bigquery.ts";

it("goes by the state, not by the errors of a job that goes on", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const warnings = [{ reason: "invalid", message: "Row 3 was skipped", location: "gs://b/rows.csv" }];
  bigQuery.nextInsert({ runningPolls: 1, warnings });
  const job = await host.create(bigQueryTask());
  expect(await host.get(taskType, job)).toMatchObject({
    phase: "running",
    customInfo: { errors: ["Row 3 was skipped"] },
  });
  expect(await host.get(taskType, job)).toMatchObject({
    phase: "succeeded",
    customInfo: { errors: ["Row 3 was skipped"] },
  });
});

it.each([
  ...[
    "accessDenied",
    "billingNotEnabled",
    "billingTierLimitExceeded",
    "blocked",
    "bytesBilledLimitExceeded",
    "duplicate",
  ],
  ...["invalid", "invalidQuery", "notFound", "notImplemented", "resourcesExceeded", "responseTooLarge", "stopped"],
  ...["timeout", "aReasonOfTomorrow", ""],
])("a job that failed with reason %o has failed for good", async (reason) => {
  expect(await endOf({ reason, message: "It went wrong" })).toMatchObject({
    phase: "failed",
    message: `It went wrong (${reason || "no reason given"})`,
    errorCode: reason,
  });
});

it.each([
  ...["backendError", "internalError", "invalidUser", "jobBackendError", "jobInternalError", "jobRateLimitExceeded"],
  ...["quotaExceeded", "rateLimitExceeded", "resourceInUse", "tableUnavailable"],
])("a job that failed with reason %s is worth another attempt", async (reason) => {
  expect(await endOf({ reason, message: "It went wrong" })).toMatchObject({ phase: "retryable_failed" });
});

it("shows the SQL at the place that BigQuery's words name, without the colours of an emulator", async () => {
  const sql = "SELECT id, totl FROM raw.orders WHERE day = CURRENT_DATE() AND total > 100 ORDER BY day";
  const message = "\u001b[31mUnrecognized name: totl; Did you mean total? at [1:12]\u001b[0m\n";
  const { message: shown } = await endOf({ reason: "invalidQuery", message }, sql);
  expect(shown).toBe(
    "Unrecognized name: totl; Did you mean total? at [1:12] (invalidQuery, near: " +
      "totl FROM raw.orders WHERE day = CURRENT_DATE() AND total > …)",
  );
});

it("tells what else went wrong", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const error = { reason: "invalid", message: "Too many errors" };
  bigQuery.nextInsert({ error, warnings: [{ reason: "invalid", message: "Bad row 1" }] });
  expect(await host.run(bigQueryTask())).toMatchObject({ message: "Too many errors (invalid); also: Bad row 1" });
});

it("takes a state that it does not know for running", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ isHeld: true });
  const job = await host.create(bigQueryTask());
  // A state of BigQuery's of tomorrow.
  bigQuery.jobs[0]?.moveTo("SUSPENDED" as "RUNNING");
  expect(await host.get(taskType, job)).toMatchObject({ phase: "running", message: "SUSPENDED" });
  expect(host.logRecords).toContainEqual(expect.objectContaining({ level: "warn", state: "SUSPENDED" }));
});

it.each([
  ["429", rateLimitFault(429)],
  ["rateLimitExceeded", rateLimitFault(403)],
  ["quotaExceeded", quotaFault()],
  ["503", backendFault(503)],
  ["a page of a proxy", { kind: "page", status: 502 } as const],
  ["a cut connection", { kind: "cut" } as const],
  ["half an answer", { kind: "stall" } as const],
  ["silence", { kind: "hang" } as const],
])("%s once does not show in a poll", async (_what, fault) => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = await host.create(bigQueryTask());
  bigQuery.disturb("get", fault);
  expect(await host.get(taskType, job, { timeoutMs: 3000 })).toMatchObject({ phase: "succeeded" });
});

it.each([
  ["429", rateLimitFault(429), /BigQuery answers HTTP 429/],
  [
    "a cut connection",
    { kind: "cut" } as const,
    /BigQuery cannot be reached \(UND_ERR_SOCKET: the connection was cut\)/,
  ],
  ["silence", { kind: "hang" } as const, /BigQuery did not answer in time/],
])(
  "%s for good never fails a poll, which says so before its deadline, with the link",
  async (_what, fault, message) => {
    await using served = await serveBigQuery();
    const { host, bigQuery } = served;
    const job = await host.create(bigQueryTask());
    bigQuery.disturb("get", fault, 1000);
    // At its deadline the server itself would answer without link and custom info.
    expect(await host.get(taskType, job, { timeoutMs: 4000 })).toMatchObject({
      phase: "running",
      message: expect.stringMatching(message),
      customInfo: { warning: expect.stringMatching(message) },
      logLinks: [{ uri: expect.stringContaining(`j=bq:EU:${readJob(job).job_id}`) }],
    });
    bigQuery.calm();
    expect(await host.get(taskType, job)).toMatchObject({ phase: "succeeded" });
  },
);

it("does not take a page of another server for the end of a job", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const job = await host.create(bigQueryTask());
  bigQuery.disturb("get", { kind: "page", status: 404 });
  expect(await host.get(taskType, job)).toMatchObject({ phase: "running" });
  expect(await host.get(taskType, job)).toMatchObject({ phase: "succeeded" });
});

it("answers other polls while one hangs", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  const [slow, ...others] = await Promise.all(Array.from({ length: 20 }, () => host.create(bigQueryTask())));
  bigQuery.disturb("get", { kind: "hang" });
  let isOver = false;
  const hanging = host.get(taskType, slow ?? new Uint8Array(), { timeoutMs: 8000 }).finally(() => (isOver = true));
  while (bigQuery.requestsOf("get").length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  const answers = await Promise.all(others.map((job) => host.get(taskType, job)));
  expect(answers.map(({ phase }) => phase)).toEqual(others.map(() => "succeeded"));
  expect(isOver).toBe(false);
  await hanging;
});

it("fails a job that BigQuery does not know", async () => {
  await using served = await serveBigQuery();
  const job = Buffer.from(JSON.stringify({ job_id: "gone", project: "acme-dw", location: "EU" }));
  expect(await served.host.get(taskType, job)).toMatchObject({
    phase: "failed",
    message: "BigQuery does not know the job: Not found: Job acme-dw:EU.gone",
  });
});

it("answers the last known phase while BigQuery does not let us look", async () => {
  await using served = await serveBigQuery();
  const { host, bigQuery } = served;
  bigQuery.nextInsert({ isHeld: true });
  const job = await host.create(bigQueryTask());
  expect(await host.get(taskType, job)).toMatchObject({ phase: "initializing" });
  bigQuery.disturb("get", {
    kind: "error",
    error: { status: 403, reason: "accessDenied", message: "Access Denied: Job" },
  });
  expect(await host.get(taskType, job)).toMatchObject({ phase: "initializing", message: "PENDING" });
});

it.each([
  ["flytekit-1.16.31", 1],
  ["flyte-sdk-2.12.1", 2],
] as const)("takes jobs of the Python connector over: %s", async (sdk, flyte) => {
  for (const [file, location] of [
    ["eu.bin", "EU"],
    ["without-location.bin", null],
  ] as const) {
    await using served = await serveBigQuery();
    const { host, bigQuery } = served;
    await insertFromElsewhere(bigQuery.endpoint, location);
    const job = await readFile(new URL(`fixtures/${sdk}/jobs/${file}`, import.meta.url));
    const resource = await host.get(taskType, job, { flyte });
    expect(resource).toMatchObject({ phase: "succeeded", outputs: { results: { kind: "structured_dataset" } } });
    // The link has the place that BigQuery tells, also where the job holds none.
    expect(resource.logLinks[0]?.uri).toContain(`&j=bq:${location ?? "US"}:flyte_1&`);
    const [request] = bigQuery.requestsOf("get");
    expect(request?.headers["user-agent"]).toBe(
      flyte === 1 ? "flyte-agent-bigquery" : "Flyte/2.12.1 (GPN:Union;production)",
    );
    expect(new URL(request?.path ?? "", bigQuery.endpoint).searchParams.get("location")).toBe(location);
    await host.delete(taskType, job, { flyte });
  }
});

async function endOf(error: { readonly reason: string; readonly message: string }, sql = "SELECT 1") {
  await using served = await serveBigQuery();
  served.bigQuery.nextInsert({ error });
  return await served.host.run(bigQueryTask({ sql }));
}

/** Inserts the job that the fixtures are about, as a Python connector would. */
async function insertFromElsewhere(endpoint: string, location: string | null): Promise<void> {
  const body = {
    jobReference: { projectId: "acme-dw", jobId: "flyte_1", ...(location === null ? {} : { location }) },
    configuration: { query: { query: "SELECT 1", useLegacySql: false } },
  };
  const url = `${endpoint}/bigquery/v2/projects/acme-dw/jobs`;
  const { status } = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  expect(status).toBe(200);
}
