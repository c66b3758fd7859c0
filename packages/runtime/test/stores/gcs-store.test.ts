import type { RequestListener } from "node:http";
import type { Task } from "@flyte-agent/sdk";
import { expect, onTestFinished, test, vi } from "vitest";
import { createGcsStore } from "../../dist/stores/gcs-store.js";
import { connect, refusalOf } from "../fixtures/clients.ts";
import { echoTemplate, encoded, integer, integersType, list, offloaded } from "../fixtures/input-literals.ts";
import { serve } from "../fixtures/serve.ts";
import { startHttp } from "../fixtures/start-http.ts";

const template = echoTemplate({ rows: integersType });
const rows = encoded(list([integer(1), integer(2)]));

async function serveFrom(answer: RequestListener) {
  const gcs = await startHttp(answer);
  onTestFinished(() => gcs[Symbol.asyncDispose]());
  const served = await serve({
    inputs: { offloaded: { allow: ["gs://flyte-data"], maxBytes: 1_000 } },
    environment: { STORAGE_EMULATOR_HOST: gcs.endpoint.replace("http://", "") },
  });
  const tasks: Task[] = [];
  served.events.on("do", ({ task }: { task: Task }) => tasks.push(task));
  const clients = connect(served.port);
  const start = (uri: string) =>
    clients.agent.createTask({ template, inputs: { literals: { rows: offloaded(uri, rows.length) } } });
  return { gcs, tasks, clients, start };
}

test("offloaded inputs in Google Cloud Storage are loaded", async () => {
  const { gcs, tasks, start } = await serveFrom((_request, response) => response.end(rows));
  await start("gs://flyte-data/a b/c%2Fd?.pb").catch(() => undefined);
  await start("gs://flyte-data/a b/c%2Fd+é.pb");
  expect(gcs.requests.map(({ url }) => url)).toEqual([
    "/storage/v1/b/flyte-data/o/a%20b%2Fc%252Fd%2B%C3%A9.pb?alt=media",
  ]);
  expect(gcs.requests[0]?.headers.authorization).toBeUndefined();
  expect(tasks[0]?.inputs.rows).toEqual([1, 2]);
});

test.each([
  [404, "Failed", /^input "rows": gs:\/\/flyte-data\/key, where Flyte stored it, does not exist/],
  [403, "FailedPrecondition", /storage\.objects\.get .*on bucket "flyte-data" \(HTTP 403\)/],
  [400, "FailedPrecondition", /does not accept the request \(HTTP 400\)/],
  [503, "Unavailable", /^input "rows": Google Cloud Storage is in trouble \(HTTP 503\): try again/],
])("what answers %i is told as such", async (status, code, message) => {
  const { clients, start } = await serveFrom((_request, response) => {
    response.writeHead(status).end('{"error":{"message":"robot@project.iam.gserviceaccount.com does not have"}}');
  });
  const failure = await refusalOf(clients, "echo", start("gs://flyte-data/key"));
  expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  expect(failure.message).not.toContain("robot@");
});

test("a token comes from where Google's own tools find it, and is kept", async () => {
  await using metadata = await startHttp((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "metadata-flavor": "Google" });
    response.end(JSON.stringify({ access_token: "ya29.token", expires_in: 3600, token_type: "Bearer" }));
  });
  await using gcs = await startHttp((_request, response) => response.end("found"));
  stubGoogle({ GCE_METADATA_HOST: new URL(metadata.endpoint).host });
  const store = createGcsStore({}, new URL(gcs.endpoint));
  expect(new TextDecoder().decode(await store.read(object, limits()))).toBe("found");
  await store.read(object, limits());
  const bearer = { headers: { authorization: "Bearer ya29.token" }, url: "/storage/v1/b/bucket/o/key?alt=media" };
  expect(gcs.requests).toMatchObject([bearer, bearer]);
  expect(metadata.requests.filter(({ url }) => url?.includes("/token"))).toHaveLength(1);
});

test("without credentials nothing is asked, and the operator is told", async () => {
  await using gcs = await startHttp((_request, response) => response.end("found"));
  stubGoogle({ METADATA_SERVER_DETECTION: "none" });
  const store = createGcsStore({}, new URL(gcs.endpoint));
  await expect(store.read(object, limits())).rejects.toMatchObject({
    code: "vendor_misconfigured",
    message: expect.stringContaining("GOOGLE_APPLICATION_CREDENTIALS"),
  });
  expect(gcs.requests).toEqual([]);
});

test("a token server in trouble is trouble, not a refusal", async () => {
  await using metadata = await startHttp((request, response) => {
    response.writeHead(request.url?.includes("/token") ? 500 : 200, { "metadata-flavor": "Google" }).end("{}");
  });
  stubGoogle({ GCE_METADATA_HOST: new URL(metadata.endpoint).host });
  await expect(createGcsStore({}).read(object, limits(10_000))).rejects.toMatchObject({ code: "vendor_unavailable" });
}, 15_000);

const object = { scheme: "gs", bucket: "bucket", key: "key" } as const;

function limits(timeoutMs = 5_000) {
  return { maxBytes: 100, signal: AbortSignal.timeout(timeoutMs) };
}

// Google's package reads the environment of the process.
function stubGoogle(environment: Record<string, string>): void {
  onTestFinished(() => void vi.unstubAllEnvs());
  for (const name of Object.keys(process.env)) if (/^(GOOGLE|GCLOUD|GCE)_/.test(name)) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", "/there/is/no/home");
  for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
}
