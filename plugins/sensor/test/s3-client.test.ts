import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { RequestListener } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Log } from "@flyte-agent/sdk";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createS3Client, type ObjectStore } from "../dist/s3/s3-client.js";
import { resolveS3Settings } from "../dist/s3/s3-settings.js";
import { s3rverCredentials, startS3, type TestS3 } from "./start-s3.ts";
import { refuse, startServer, type TestServer } from "./start-server.ts";

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
const waitsForEver = new AbortController().signal;
const bucket = "bucket";

const flyteKeys = {
  FLYTE_AWS_ACCESS_KEY_ID: s3rverCredentials.accessKeyId,
  FLYTE_AWS_SECRET_ACCESS_KEY: s3rverCredentials.secretAccessKey,
};

function clientFor(
  endpoint: string,
  options: { region?: string; anonymous?: boolean; timeoutMs?: number } = {},
  environment: Record<string, string> = flyteKeys,
): ObjectStore {
  const settings = resolveS3Settings({ anonymous: false, timeoutMs: 5_000, endpoint, ...options }, environment);
  return createS3Client(settings, quiet);
}

describe("against a real S3 server", () => {
  let s3: TestS3;
  let client: ObjectStore;

  beforeAll(async () => {
    s3 = await startS3({ buckets: [bucket, "single"] });
    client = clientFor(s3.endpoint);
    for (const key of ["plain", "directory/part-0", "a b/c+d!'()*~é&=?#.txt"]) await s3.put(bucket, key);
  });

  afterAll(() => s3[Symbol.asyncDispose]());

  it.each(["plain", "directory", "directory/part-0", "a b/c+d!'()*~é&=?#.txt", "a b"])("finds %j", async (key) => {
    expect(await client.look(bucket, key, waitsForEver)).toEqual({
      there: true,
    });
  });

  it.each(["plai", "plain/more", "direct", "directory/part", "nothing/at/all"])("does not find %j", async (key) => {
    expect(await client.look(bucket, key, waitsForEver)).toEqual({
      there: false,
    });
  });

  it("finds a bucket, empty or not", async () => {
    expect(await client.look("single", "", waitsForEver)).toEqual({ there: true });
    // One object only: s3rver fails to cut a list short on today's OpenSSL.
    await s3.put("single", "key");
    expect(await client.look("single", "", waitsForEver)).toEqual({ there: true });
  });

  it("says that a bucket does not exist", async () => {
    const absent = { there: false, note: 'bucket "elsewhere" does not exist' };
    expect(await client.look("elsewhere", "key", waitsForEver)).toEqual(absent);
    expect(await client.look("elsewhere", "", waitsForEver)).toEqual({
      there: false,
    });
  });

  it("finds what comes later", async () => {
    expect(await client.look(bucket, "later", waitsForEver)).toEqual({
      there: false,
    });
    await s3.put(bucket, "later");
    expect(await client.look(bucket, "later", waitsForEver)).toEqual({
      there: true,
    });
  });

  it("is told that the credentials are wrong", async () => {
    const stranger = clientFor(
      s3.endpoint,
      {},
      {
        FLYTE_AWS_ACCESS_KEY_ID: "NOBODY",
        FLYTE_AWS_SECRET_ACCESS_KEY: "hush",
      },
    );
    await expect(stranger.look(bucket, "plain", waitsForEver)).rejects.toMatchObject({
      code: "vendor_misconfigured",
      message: expect.stringContaining("InvalidAccessKeyId"),
    });
  });
});

describe("against a server that misbehaves", () => {
  async function look(
    answer: RequestListener,
    options: { region?: string; timeoutMs?: number; signal?: AbortSignal } = {},
  ) {
    const { signal = waitsForEver, ...rest } = options;
    await using server = await startServer(answer);
    return await clientFor(server.endpoint, rest).look(bucket, "key", signal);
  }

  const emptyListing = '<?xml version="1.0"?><ListBucketResult xmlns="x"><KeyCount>0</KeyCount></ListBucketResult>';

  it.each([
    ["500", 500, "InternalError"],
    ["503", 503, "SlowDown"],
    ["429", 429, "TooManyRequests"],
  ])("says that S3 is in trouble on %s", async (_, status, code) => {
    await expect(look((_request, response) => refuse(response, status, code))).rejects.toMatchObject({
      code: "vendor_unavailable",
    });
  });

  it("says so if the connection is cut, before the answer and within it", async () => {
    const unreachable = {
      code: "vendor_unavailable",
      message: expect.stringContaining("S3 cannot be reached"),
    };
    await expect(look((request) => request.socket.destroy())).rejects.toMatchObject(unreachable);
    const cutWithin: RequestListener = (request, response) => {
      response.writeHead(request.method === "HEAD" ? 404 : 200, {
        "content-length": 1000,
      });
      if (request.method === "HEAD") response.end();
      else response.write("<ListBucketResult>", () => request.socket.destroy());
    };
    await expect(look(cutWithin)).rejects.toMatchObject(unreachable);
  });

  it("says so if nobody listens", async () => {
    const server = await startServer(() => undefined);
    await server[Symbol.asyncDispose]();
    await expect(clientFor(server.endpoint).look(bucket, "key", waitsForEver)).rejects.toMatchObject({
      code: "vendor_unavailable",
      message: "S3 cannot be reached (ECONNREFUSED: nothing listens there)",
    });
  });

  it("waits no longer than its time-out for one that hangs", async () => {
    await expect(look(() => undefined, { timeoutMs: 100 })).rejects.toMatchObject({
      code: "vendor_unavailable",
      message: "S3 did not answer within 100 ms",
    });
  });

  it("waits no longer than its time-out for a body that never ends", async () => {
    const drip: RequestListener = (request, response) => {
      response.writeHead(request.method === "HEAD" ? 404 : 200);
      if (request.method === "HEAD") response.end();
      else response.write("<ListBucketResult>");
    };
    await expect(look(drip, { timeoutMs: 200 })).rejects.toMatchObject({
      code: "vendor_unavailable",
    });
  });

  it("gives up with the caller", async () => {
    const caller = new AbortController();
    const reason = new Error("the caller left");
    const looking = look(() => caller.abort(reason), { signal: caller.signal });
    await expect(looking).rejects.toBe(reason);
  });

  it("reads no more of a body than it needs", async () => {
    const flood: RequestListener = (request, response) => {
      if (request.method === "HEAD") {
        response.writeHead(404).end();
        return;
      }
      response.write("<ListBucketResult><Contents><Key>key/a</Key></Contents>");
      const more = (): void => {
        while (response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    };
    expect(await look(flood)).toEqual({ there: true });
  });

  it("asks again where the bucket lives, and remembers it", async () => {
    await using server = await startServer((request, response) => {
      const isThere = /\/eu-west-3\//.test(request.headers.authorization ?? "");
      if (isThere) response.writeHead(200, { etag: '"1"' });
      else response.writeHead(301, { "x-amz-bucket-region": "eu-west-3", location: "http://elsewhere.invalid/" });
      response.end();
    });
    const client = clientFor(server.endpoint, { region: "us-west-2" });
    expect(await client.look(bucket, "key", waitsForEver)).toEqual({
      there: true,
    });
    expect(await client.look(bucket, "key", waitsForEver)).toEqual({
      there: true,
    });
    expect(server.requests).toHaveLength(3);
  });

  it("follows no redirection and no endless hint", async () => {
    let asked = 0;
    const restless: RequestListener = (_request, response) => {
      asked += 1;
      response
        .writeHead(301, {
          "x-amz-bucket-region": `region-${asked}`,
          location: "/again",
        })
        .end();
    };
    await expect(look(restless)).rejects.toMatchObject({
      code: "vendor_misconfigured",
      message: expect.stringContaining("s3.endpoint"),
    });
    expect(asked).toBe(4);
  });

  it("takes no region that would change the host", async () => {
    const evil: RequestListener = (_request, response) => {
      response.writeHead(301, { "x-amz-bucket-region": "evil.example.com/" }).end();
    };
    await expect(look(evil)).rejects.toMatchObject({ code: "vendor_misconfigured" });
  });

  it("explains what is missing when access is denied, in its own words", async () => {
    await expect(look((_request, response) => refuse(response, 403, "AccessDenied"))).rejects.toMatchObject({
      code: "vendor_misconfigured",
      message: expect.stringMatching(/^S3 denies access.*s3:ListBucket on bucket "bucket".*\(HTTP 403 AccessDenied\)$/),
      cause: expect.objectContaining({
        message: expect.stringContaining("arn:aws:iam"),
      }),
    });
  });

  it("finds what it may list but not read", async () => {
    const listOnly: RequestListener = (request, response) => {
      if (request.method === "HEAD") response.writeHead(403);
      response.end("<ListBucketResult><KeyCount>1</KeyCount><Contents><Key>key/a</Key></Contents></ListBucketResult>");
    };
    expect(await look(listOnly)).toEqual({ there: true });
  });

  it("is denied what it may list but not read, if nothing is below it", async () => {
    const listOnly: RequestListener = (request, response) => {
      if (request.method === "HEAD") response.writeHead(403);
      response.end(emptyListing);
    };
    await expect(look(listOnly)).rejects.toMatchObject({
      message: expect.stringContaining("s3:GetObject"),
    });
  });

  it.each([
    ["a web page for everything", "<!doctype html><title>Console</title>"],
    ["broken XML", "<ListBucketRes"],
    ["nothing", ""],
  ])("does not take %s for S3", async (_, body) => {
    await expect(look((_request, response) => response.end(body))).rejects.toMatchObject({
      code: "vendor_misconfigured",
      message: expect.stringContaining("is not S3"),
    });
    const absentObject: RequestListener = (request, response) => {
      if (request.method === "HEAD") response.writeHead(404);
      response.end(body);
    };
    await expect(look(absentObject)).rejects.toMatchObject({
      message: expect.stringContaining("is not S3"),
    });
  });
});

describe("credentials", () => {
  let home: string;

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "sensor-aws-"));
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

  /** Finds everything, and shows which key and region asked. */
  const findsAll: RequestListener = (_request, response) => {
    response.writeHead(200, { etag: '"1"' }).end();
  };

  const scopes = ({ requests }: TestServer): (string | undefined)[] =>
    requests.map(({ headers }) =>
      /Credential=([^/]+\/\d+\/[^/]+)/.exec(headers.authorization ?? "")?.[1]?.replace(/\/\d+\//, " "),
    );

  it("come from the environment", async () => {
    await using s3 = await startServer(findsAll);
    vi.stubEnv("AWS_ACCESS_KEY_ID", "ENVIRONMENT");
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", "hush");
    vi.stubEnv("AWS_SESSION_TOKEN", "token");
    await clientFor(s3.endpoint, {}, {}).look(bucket, "key", waitsForEver);
    expect(scopes(s3)).toEqual(["ENVIRONMENT us-east-1"]);
    expect(s3.requests[0]?.headers["x-amz-security-token"]).toBe("token");
  });

  it("come from a profile, and the region with them", async () => {
    await using s3 = await startServer(findsAll);
    await writeFile(join(home, "config"), "[profile work]\nregion = eu-north-1\n");
    await writeFile(join(home, "credentials"), "[work]\naws_access_key_id = PROFILE\naws_secret_access_key = hush\n");
    vi.stubEnv("AWS_PROFILE", "work");
    await clientFor(s3.endpoint, {}, {}).look(bucket, "key", waitsForEver);
    expect(scopes(s3)).toEqual(["PROFILE eu-north-1"]);
  });

  it("come from a container's server, are kept, and are fetched anew when they expire", async () => {
    let lifeMs = 3_600_000;
    await using s3 = await startServer(findsAll);
    await using container = await startServer((_request, response) => {
      const Expiration = new Date(Date.now() + lifeMs).toISOString();
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({
          AccessKeyId: "CONTAINER",
          SecretAccessKey: "hush",
          Token: "token",
          Expiration,
        }),
      );
    });
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${container.endpoint}/credentials`);
    const client = clientFor(s3.endpoint, {}, {});
    await Promise.all([1, 2, 3].map(() => client.look(bucket, "key", waitsForEver)));
    await client.look(bucket, "key", waitsForEver);
    expect(container.requests).toHaveLength(1);

    lifeMs = 50;
    const shortLived = clientFor(s3.endpoint, {}, {});
    await shortLived.look(bucket, "key", waitsForEver);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await shortLived.look(bucket, "key", waitsForEver);
    expect(container.requests.length).toBeGreaterThanOrEqual(3);
    expect(new Set(scopes(s3))).toEqual(new Set(["CONTAINER us-east-1"]));
  });

  it("that hang do not hang the look", async () => {
    await using container = await startServer(() => undefined);
    vi.stubEnv("AWS_CONTAINER_CREDENTIALS_FULL_URI", `${container.endpoint}/credentials`);
    await expect(
      clientFor(container.endpoint, { timeoutMs: 200 }, {}).look(bucket, "key", waitsForEver),
    ).rejects.toMatchObject({
      code: "vendor_unavailable",
    });
  });

  it("that are nowhere are a clear refusal", async () => {
    await using s3 = await startServer(findsAll);
    await expect(clientFor(s3.endpoint, {}, {}).look(bucket, "key", waitsForEver)).rejects.toMatchObject({
      code: "vendor_misconfigured",
      message: expect.stringMatching(/has no AWS credentials.*FLYTE_AWS_ACCESS_KEY_ID/),
    });
    expect(s3.requests).toEqual([]);
  });

  it("are not sent to a public bucket", async () => {
    await using s3 = await startServer(findsAll);
    expect(await clientFor(s3.endpoint, { anonymous: true }).look(bucket, "key", waitsForEver)).toEqual({
      there: true,
    });
    expect(s3.requests[0]?.headers).not.toHaveProperty("authorization");
  });
});
