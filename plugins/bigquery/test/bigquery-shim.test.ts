import { createSign } from "node:crypto";
import { describe, expect, it } from "vitest";
import { backendFault, rateLimitFault } from "./bigquery-shim/fault.ts";
import { startBigQuery } from "./bigquery-shim/start-bigquery.ts";

const select = { query: { query: "SELECT 1 AS one", useLegacySql: false } };

describe("the BigQuery shim: jobs", () => {
  it("runs a job at once, with an anonymous table for its rows", async () => {
    await using bigquery = await startBigQuery();
    bigquery.nextInsert({ schema: [{ name: "one", type: "INTEGER" }], rows: [["1"]] });
    const inserted = await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: select });
    expect(inserted).toMatchObject({
      status: 200,
      body: {
        kind: "bigquery#job",
        id: "acme-dw:US.a",
        jobReference: { projectId: "acme-dw", jobId: "a", location: "US" },
        status: { state: "DONE" },
        configuration: {
          query: {
            destinationTable: {
              projectId: "acme-dw",
              datasetId: expect.stringMatching(/^_/),
              tableId: expect.stringMatching(/^anon/),
            },
          },
        },
      },
    });
    expect(bigquery.job("a").destination).toMatchObject({ projectId: "acme-dw" });
    const { datasetId, tableId } = bigquery.job("a").destination ?? {};
    const table = `/bigquery/v2/projects/acme-dw/datasets/${datasetId}/tables/${tableId}`;
    expect(await ask(bigquery.endpoint, table)).toMatchObject({
      body: { schema: { fields: [{ name: "one", type: "INTEGER" }] }, numRows: "1" },
    });
    expect(await ask(bigquery.endpoint, `${table}/data`)).toMatchObject({ body: { rows: [{ f: [{ v: "1" }] }] } });
    expect(await ask(bigquery.endpoint, "/bigquery/v2/projects/acme-dw/queries/a")).toMatchObject({
      body: { jobComplete: true, totalRows: "1", rows: [{ f: [{ v: "1" }] }] },
    });
  });

  it("goes through its states by polls", async () => {
    await using bigquery = await startBigQuery();
    bigquery.nextInsert({ pendingPolls: 2, runningPolls: 1 });
    const inserted = await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: select });
    expect(inserted.body).toMatchObject({ status: { state: "PENDING" } });
    expect(await states(bigquery.endpoint, "a", 4)).toEqual(["PENDING", "PENDING", "RUNNING", "DONE"]);
  });

  it("holds a job until the test moves it", async () => {
    await using bigquery = await startBigQuery();
    bigquery.nextInsert({ isHeld: true, error: { reason: "backendError", message: "broken" } });
    await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: select });
    expect(await states(bigquery.endpoint, "a", 3)).toEqual(["PENDING", "PENDING", "PENDING"]);
    bigquery.job("a").moveTo("RUNNING");
    expect(await states(bigquery.endpoint, "a", 1)).toEqual(["RUNNING"]);
    bigquery.job("a").moveTo("DONE");
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({
      body: {
        status: { state: "DONE", errorResult: { reason: "backendError" }, errors: [{ reason: "backendError" }] },
      },
    });
  });

  it("has a job's id once per location, and says where it is", async () => {
    await using bigquery = await startBigQuery();
    bigquery.nextInsert({ location: "europe-west1" });
    const job = { jobReference: { jobId: "a" }, configuration: select };
    await insert(bigquery.endpoint, job);
    const again = await insert(bigquery.endpoint, job);
    expect(again).toMatchObject({
      status: 409,
      body: { error: { errors: [{ reason: "duplicate", message: "Already Exists: Job acme-dw:europe-west1.a" }] } },
    });
    expect(bigquery.jobs).toHaveLength(1);
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({
      status: 404,
      body: { error: { status: "NOT_FOUND" } },
    });
    expect(await getJob(bigquery.endpoint, "a", "EU")).toMatchObject({ status: 404 });
    expect(await getJob(bigquery.endpoint, "a", "europe-west1")).toMatchObject({ status: 200 });
  });

  it("answers the fields that are asked for", async () => {
    await using bigquery = await startBigQuery();
    await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: select });
    const path = "/bigquery/v2/projects/acme-dw/jobs/a?fields=";
    expect(await ask(bigquery.endpoint, `${path}status,configuration(query(query,nothing))`)).toEqual({
      status: 200,
      body: { status: { state: "DONE" }, configuration: { query: { query: select.query.query } } },
    });
    expect(await ask(bigquery.endpoint, `${path}status(`)).toMatchObject({ status: 400 });
  });

  it("makes one job of inserts that come together", async () => {
    await using bigquery = await startBigQuery();
    const job = { jobReference: { jobId: "a", location: "EU" }, configuration: select };
    const answers = await Promise.all(Array.from({ length: 10 }, () => insert(bigquery.endpoint, job)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
  });

  it("stops a cancelled job with the next poll, and leaves a finished one", async () => {
    await using bigquery = await startBigQuery();
    bigquery.nextInsert({ isHeld: true });
    await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: select });
    await insert(bigquery.endpoint, { jobReference: { jobId: "b" }, configuration: select });
    expect(await cancel(bigquery.endpoint, "a")).toMatchObject({
      status: 200,
      body: { job: { status: { state: "PENDING" } } },
    });
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({
      body: { status: { errorResult: { reason: "stopped" } } },
    });
    expect(await cancel(bigquery.endpoint, "b")).toMatchObject({ status: 200 });
    expect(bigquery.job("b")).toMatchObject({ error: undefined, isCancelled: false });
    expect(await cancel(bigquery.endpoint, "c")).toMatchObject({ status: 404 });
  });

  it("refuses what a script says, and keeps the job if it says so", async () => {
    await using bigquery = await startBigQuery();
    const refusal = { status: 400, reason: "invalidQuery", message: "Syntax error at [1:1]", location: "q" };
    bigquery.nextInsert({ refusal });
    bigquery.nextInsert({ refusal: { ...refusal, isKept: true } });
    for (const jobId of ["a", "b"]) {
      expect(await insert(bigquery.endpoint, { jobReference: { jobId }, configuration: select })).toMatchObject({
        status: 400,
        body: { error: { code: 400, errors: [{ reason: "invalidQuery", location: "q" }], status: "INVALID_ARGUMENT" } },
      });
    }
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({ status: 404 });
    const { body } = await getJob(bigquery.endpoint, "b");
    expect(body).toMatchObject({
      status: {
        state: "DONE",
        errorResult: { reason: "invalidQuery", message: "Syntax error at [1:1]", location: "q" },
      },
    });
  });

  it("fails a job that would bill more than it may", async () => {
    await using bigquery = await startBigQuery();
    bigquery.everyInsert({ totalBytesBilled: 10_485_760, totalSlotMs: 44 });
    const capped = { query: { ...select.query, maximumBytesBilled: "1000" } };
    await insert(bigquery.endpoint, { jobReference: { jobId: "a" }, configuration: capped });
    await insert(bigquery.endpoint, { jobReference: { jobId: "b" }, configuration: select });
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({
      body: { status: { errorResult: { reason: "bytesBilledLimitExceeded" } } },
    });
    expect(await getJob(bigquery.endpoint, "b")).toMatchObject({
      body: { statistics: { query: { totalBytesBilled: "10485760", totalSlotMs: "44", cacheHit: false } } },
    });
  });

  it("knows statements that leave no table", async () => {
    await using bigquery = await startBigQuery();
    const statements = {
      INSERT: "INSERT INTO d.t VALUES (1)",
      CREATE_TABLE: "CREATE TABLE d.t (a INT64)",
      SCRIPT: "DECLARE x INT64; SELECT 1;",
    };
    for (const [jobId, query] of Object.entries(statements)) {
      const configuration = { query: { query, useLegacySql: false } };
      const { body } = await insert(bigquery.endpoint, { jobReference: { jobId }, configuration });
      expect(body).toMatchObject({ statistics: { query: { statementType: jobId } } });
      expect(bigquery.job(jobId).destination).toBeUndefined();
    }
  });
});

describe("the BigQuery shim: bodies that BigQuery refuses", () => {
  const parameter = (type: unknown, value: unknown): unknown => ({
    query: {
      ...select.query,
      parameterMode: "NAMED",
      queryParameters: [{ name: "x", parameterType: type, parameterValue: value }],
    },
  });

  it.each([
    ["a label value", { ...select, labels: { team: "a.b" } }, 'Label value "a.b" has invalid characters.'],
    ["a label key", { ...select, labels: { Team: "a" } }, 'Label key "Team" has invalid characters.'],
    ["a query that is missing", {}, "Required parameter is missing"],
    [
      "an int that is no text",
      parameter({ type: "INT64" }, { value: 3 }),
      /Invalid value at 'query.query_parameters\[0\]/,
    ],
    ["an unknown type", parameter({ type: "LONG" }, { value: "3" }), /Invalid parameter type/],
    ["a struct without fields", parameter({ type: "STRUCT" }, {}), /needs its fields/],
    [
      "an array of arrays",
      parameter({ type: "ARRAY", arrayType: { type: "ARRAY", arrayType: { type: "INT64" } } }, {}),
      /Arrays of arrays/,
    ],
  ])("%s", async (_, configuration, message) => {
    await using bigquery = await startBigQuery();
    const answer = await insert(bigquery.endpoint, { configuration });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(message) } });
    expect(bigquery.jobs).toHaveLength(0);
  });

  it("parameters of legacy SQL, which is what a query without useLegacySql is", async () => {
    await using bigquery = await startBigQuery();
    const query = { query: "SELECT 1", queryParameters: [{ name: "x", parameterType: { type: "BOOL" } }] };
    expect(await insert(bigquery.endpoint, { configuration: { query } })).toMatchObject({ status: 400 });
  });

  it("a job id with other characters", async () => {
    await using bigquery = await startBigQuery();
    const answer = await insert(bigquery.endpoint, { jobReference: { jobId: "a.b" }, configuration: select });
    expect(answer.status).toBe(400);
  });
});

describe("the BigQuery shim: faults", () => {
  it("answers as planned, in order, and then rightly", async () => {
    await using bigquery = await startBigQuery();
    bigquery.disturb("insert", rateLimitFault());
    bigquery.disturb("insert", { ...backendFault(503), retryAfterSeconds: 1 });
    bigquery.disturb("insert", { kind: "page", status: 502 });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1)
      statuses.push((await insert(bigquery.endpoint, { configuration: select })).status);
    expect(statuses).toEqual([403, 503, 502, 200]);
  });

  it("cuts, hangs and stalls; what was asked may be done all the same", async () => {
    await using bigquery = await startBigQuery();
    const job = { jobReference: { jobId: "a" }, configuration: select };
    bigquery.disturb("insert", { kind: "cut", isDone: true });
    await expect(insert(bigquery.endpoint, job)).rejects.toThrow("fetch failed");
    expect(bigquery.jobs).toHaveLength(1);
    bigquery.disturb("get", { kind: "hang" });
    bigquery.disturb("get", { kind: "stall" });
    const path = "/bigquery/v2/projects/acme-dw/jobs/a";
    await expect(ask(bigquery.endpoint, path, { signal: AbortSignal.timeout(200) })).rejects.toThrow("timeout");
    await expect(ask(bigquery.endpoint, path, { signal: AbortSignal.timeout(200) })).rejects.toThrow("timeout");
    bigquery.disturb("get", { kind: "slow", delayMs: 50 });
    expect(await getJob(bigquery.endpoint, "a")).toMatchObject({ status: 200 });
  });

  it("records every request", async () => {
    await using bigquery = await startBigQuery();
    await insert(bigquery.endpoint, { configuration: select });
    await ask(bigquery.endpoint, "/nowhere");
    expect(bigquery.requests).toMatchObject([
      { call: "insert", method: "POST", path: "/bigquery/v2/projects/acme-dw/jobs", json: { configuration: select } },
      { call: undefined, method: "GET", path: "/nowhere" },
    ]);
  });
});

describe("the BigQuery shim: tokens", () => {
  it("gives a token for an assertion signed with its key, and refuses calls without one", async () => {
    await using bigquery = await startBigQuery({ requiresTokens: true });
    expect(await insert(bigquery.endpoint, { configuration: select })).toMatchObject({ status: 401 });
    const granted = await grant(bigquery.serviceAccountKey("robot@acme-dw.iam.gserviceaccount.com"));
    expect(granted).toMatchObject({ status: 200, body: { expires_in: 3600, token_type: "Bearer" } });
    const authorization = `Bearer ${bigquery.tokens[0]?.token}`;
    const { status } = await insert(bigquery.endpoint, { configuration: select }, { authorization });
    expect(status).toBe(200);
    expect(bigquery.requestsOf("insert").at(-1)?.identity).toBe("robot@acme-dw.iam.gserviceaccount.com");
    bigquery.expireTokens();
    expect(await insert(bigquery.endpoint, { configuration: select }, { authorization })).toMatchObject({
      status: 401,
    });
  });

  it("refuses an assertion of another key", async () => {
    await using bigquery = await startBigQuery();
    await using other = await startBigQuery();
    const foreign = { ...other.serviceAccountKey(), token_uri: bigquery.serviceAccountKey().token_uri };
    expect(await grant(foreign)).toMatchObject({ status: 400, body: { error: "invalid_grant" } });
    expect(bigquery.tokens).toHaveLength(0);
  });

  it("lets a token be exchanged for one of a service account", async () => {
    await using bigquery = await startBigQuery();
    await grant(bigquery.serviceAccountKey());
    const path = "/v1/projects/-/serviceAccounts/other@acme-dw.iam.gserviceaccount.com:generateAccessToken";
    const authorization = `Bearer ${bigquery.tokens[0]?.token}`;
    expect(await ask(bigquery.endpoint, path, { method: "POST" })).toMatchObject({ status: 401 });
    expect(await ask(bigquery.endpoint, path, { method: "POST", headers: { authorization } })).toMatchObject({
      status: 200,
      body: { accessToken: bigquery.tokens[1]?.token },
    });
    expect(bigquery.tokens[1]?.identity).toBe("other@acme-dw.iam.gserviceaccount.com");
  });

  it("is a metadata server, for those who ask as Google's libraries do", async () => {
    await using bigquery = await startBigQuery();
    const path = "/computeMetadata/v1/instance/service-accounts/default/token";
    expect(await ask(bigquery.endpoint, path)).toMatchObject({ status: 403 });
    expect(await ask(bigquery.endpoint, path, { headers: { "metadata-flavor": "Google" } })).toMatchObject({
      status: 200,
      body: { token_type: "Bearer" },
    });
  });
});

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

async function ask(endpoint: string, path: string, init: RequestInit = {}): Promise<Reply> {
  const answer = await fetch(`${endpoint}${path}`, { signal: AbortSignal.timeout(5000), ...init });
  const text = await answer.text();
  return {
    status: answer.status,
    body: /json/.test(answer.headers.get("content-type") ?? "") ? JSON.parse(text) : text,
  };
}

function insert(endpoint: string, job: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return ask(endpoint, "/bigquery/v2/projects/acme-dw/jobs", { method: "POST", body: JSON.stringify(job), headers });
}

function getJob(endpoint: string, jobId: string, location?: string): Promise<Reply> {
  const query = location === undefined ? "" : `?location=${location}`;
  return ask(endpoint, `/bigquery/v2/projects/acme-dw/jobs/${jobId}${query}`);
}

function cancel(endpoint: string, jobId: string): Promise<Reply> {
  return ask(endpoint, `/bigquery/v2/projects/acme-dw/jobs/${jobId}/cancel`, { method: "POST" });
}

async function states(endpoint: string, jobId: string, polls: number): Promise<unknown[]> {
  const found: unknown[] = [];
  for (let count = 0; count < polls; count += 1) {
    const { body } = await getJob(endpoint, jobId);
    found.push((body as { status: { state: string } }).status.state);
  }
  return found;
}

function grant(key: {
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri: string;
}): Promise<Reply> {
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: key.client_email,
    aud: key.token_uri,
    iat,
    exp: iat + 3600,
    scope: "https://www.googleapis.com/auth/bigquery",
  };
  const signed = [{ alg: "RS256", typ: "JWT" }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"))
    .join(".");
  const assertion = `${signed}.${createSign("RSA-SHA256").update(signed).sign(key.private_key, "base64url")}`;
  const form = new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion });
  const { origin, pathname } = new URL(key.token_uri);
  return ask(origin, pathname, { method: "POST", body: form });
}
