import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createS3Store } from "../../dist/stores/s3-store.js";
import { startHttp, type TestHttp } from "../fixtures/start-http.ts";

// AWS's package reads the environment of the process.
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "runtime-aws-"));
  for (const name of Object.keys(process.env)) if (name.startsWith("AWS_")) vi.stubEnv(name, undefined);
  vi.stubEnv("HOME", home);
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_CONFIG_FILE", join(home, "config"));
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, "credentials"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

const findsAll: RequestListener = (_request, response) => response.end("found");

async function readFrom(http: TestHttp, environment: Record<string, string> = {}): Promise<string> {
  const store = createS3Store({ AWS_ENDPOINT_URL: http.endpoint, ...environment });
  const limits = { maxBytes: 100, signal: AbortSignal.timeout(5_000) };
  return new TextDecoder().decode(await store.read({ scheme: "s3", bucket: "bucket", key: "key" }, limits));
}

function scopesOf({ requests }: TestHttp): readonly (string | undefined)[] {
  return requests.map(({ headers }) =>
    /Credential=([^/]+)\/\d+\/([^/]+)/
      .exec(headers.authorization ?? "")
      ?.slice(1)
      .join(" "),
  );
}

test("come from the server's environment, flytekit's before AWS's", async () => {
  await using http = await startHttp(findsAll);
  const aws = { AWS_ACCESS_KEY_ID: "AWS", AWS_SECRET_ACCESS_KEY: "hush", AWS_SESSION_TOKEN: "token" };
  expect(await readFrom(http, { ...aws, AWS_REGION: "eu-north-1" })).toBe("found");
  await readFrom(http, { ...aws, FLYTE_AWS_ACCESS_KEY_ID: "FLYTE", FLYTE_AWS_SECRET_ACCESS_KEY: "hush" });
  expect(scopesOf(http)).toEqual(["AWS eu-north-1", "FLYTE us-east-1"]);
  expect(http.requests[0]?.headers["x-amz-security-token"]).toBe("token");
});

test("come from where AWS's own tools find them", async () => {
  await using http = await startHttp(findsAll);
  await writeFile(join(home, "credentials"), "[work]\naws_access_key_id = PROFILE\naws_secret_access_key = hush\n");
  vi.stubEnv("AWS_PROFILE", "work");
  await readFrom(http);
  await using container = await startHttp((_request, response) => {
    response.setHeader("content-type", "application/json");
    const Expiration = new Date(Date.now() + 3_600_000).toISOString();
    response.end(JSON.stringify({ AccessKeyId: "CONTAINER", SecretAccessKey: "hush", Token: "token", Expiration }));
  });
  vi.stubEnv("AWS_PROFILE", undefined);
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", join(home, "none"));
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${container.endpoint}/credentials`);
  await readFrom(http);
  expect(scopesOf(http)).toEqual(["PROFILE us-east-1", "CONTAINER us-east-1"]);
});

test("that are nowhere are a clear refusal, and nothing is asked without them", async () => {
  await using http = await startHttp(findsAll);
  await expect(readFrom(http)).rejects.toMatchObject({
    code: "vendor_misconfigured",
    message: expect.stringMatching(/has no AWS credentials.*AWS_ACCESS_KEY_ID/),
  });
  expect(http.requests).toEqual([]);
});

test("that hang are given up with the caller", async () => {
  await using http = await startHttp(findsAll);
  await using container = await startHttp(() => undefined);
  vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${container.endpoint}/credentials`);
  const store = createS3Store({ AWS_ENDPOINT_URL: http.endpoint });
  const signal = AbortSignal.timeout(200);
  const reading = store.read({ scheme: "s3", bucket: "bucket", key: "key" }, { maxBytes: 100, signal });
  await expect(reading).rejects.toMatchObject({ name: "TimeoutError" });
});

const keys = { AWS_ACCESS_KEY_ID: "KEY", AWS_SECRET_ACCESS_KEY: "hush" };

test("a bucket of another region is asked there, and the region is remembered", async () => {
  await using http = await startHttp((request, response) => {
    if (/\/eu-west-3\//.test(request.headers.authorization ?? "")) response.end("found");
    else response.writeHead(301, { "x-amz-bucket-region": "eu-west-3", location: "http://elsewhere.invalid/" }).end();
  });
  const store = createS3Store({ ...keys, AWS_ENDPOINT_URL: http.endpoint });
  const limits = { maxBytes: 100, signal: AbortSignal.timeout(5_000) };
  await store.read({ scheme: "s3", bucket: "bucket", key: "key" }, limits);
  await store.read({ scheme: "s3", bucket: "bucket", key: "key" }, limits);
  expect(scopesOf(http)).toEqual(["KEY us-east-1", "KEY eu-west-3", "KEY eu-west-3"]);
});

test("the bucket stands in the path of an endpoint of one's own, or where the environment wants it", async () => {
  await using http = await startHttp(findsAll);
  await readFrom(http, keys);
  const { port } = new URL(http.endpoint);
  const environment = { ...keys, AWS_ENDPOINT_URL: `http://localhost:${port}`, FLYTE_AWS_ADDRESSING_STYLE: "virtual" };
  await readFrom(http, environment).catch(() => undefined);
  expect(http.requests[0]).toMatchObject({ url: "/bucket/key", headers: { host: `127.0.0.1:${port}` } });
  // Not every machine resolves names below localhost.
  if (http.requests[1] !== undefined) {
    expect(http.requests[1]).toMatchObject({ url: "/key", headers: { host: `bucket.localhost:${port}` } });
  }
});

test.each([
  ["AWS_ENDPOINT_URL", "ftp://user:hush@host"],
  ["AWS_ENDPOINT_URL", "http://user:hush@host"],
  ["AWS_REGION", "evil.example.com/"],
  ["FLYTE_AWS_ADDRESSING_STYLE", "sideways"],
])("an unusable %s is named, and not shown", async (name, value) => {
  await using http = await startHttp(findsAll);
  const failure = await readFrom(http, { ...keys, [name]: value }).catch((reason: unknown) => reason);
  expect(failure).toMatchObject({ code: "invalid_config", message: expect.stringContaining(name) });
  expect(String(failure)).not.toContain(value);
});
