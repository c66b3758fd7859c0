import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createTestHost, describeAgentContract } from "@flyte-agent/testing";
import sensor from "flyte-agent-sensor";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { s3rverCredentials, startS3, type TestS3 } from "./start-s3.ts";
import { refuse, startServer } from "./start-server.ts";

const fileSensor = {
  sensor_module: "flytekit.sensor.file_sensor",
  sensor_name: "FileSensor",
  sensor_config: null,
  inputs: null,
};

/** A task as flytekit's FileSensor writes it. */
function waitFor(path: unknown, custom: object = fileSensor) {
  return {
    type: "sensor",
    interface: { inputs: { variables: { path: { type: { simple: "STRING" } } } } },
    custom,
    inputs: path === undefined ? {} : { path },
  };
}

const encode = (job: object): Uint8Array => new TextEncoder().encode(JSON.stringify(job));
const decode = (job: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(job));

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "sensor-"));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(() => {
  vi.stubEnv("FLYTE_AWS_ACCESS_KEY_ID", s3rverCredentials.accessKeyId);
  vi.stubEnv("FLYTE_AWS_SECRET_ACCESS_KEY", s3rverCredentials.secretAccessKey);
});

afterEach(() => vi.unstubAllEnvs());

describe("the job", () => {
  it("is what flytekit writes", async () => {
    await using host = await createTestHost(sensor);
    const config = { retries: 3, nested: { list: ["a", null] } };
    const task = waitFor("s3://bucket/ключ", { ...fileSensor, sensor_config: config });
    expect(decode(await host.create({ ...task, metadata: { timeout: "60s" } }, { flyte: 1 }))).toEqual({
      sensor_module: "flytekit.sensor.file_sensor",
      sensor_name: "FileSensor",
      sensor_config: config,
      inputs: { path: "s3://bucket/ключ" },
    });
  });

  it.each([
    ["as flytekit writes it", { sensor_config: null }],
    ["with keys of a newer release", { sensor_config: null, added: { later: true } }],
    ["without the keys that have a default", {}],
  ])("of a Python server is taken over %s", async (_, rest) => {
    await using host = await createTestHost(sensor);
    const { sensor_module, sensor_name } = fileSensor;
    const job = encode({ sensor_module, sensor_name, inputs: { path: directory }, ...rest });
    expect(await host.get("sensor", job, { flyte: 1 })).toMatchObject({ phase: "succeeded" });
    await host.delete("sensor", job, { flyte: 1 });
  });

  it.each([
    ["a sensor that is not known here", { sensor_module: "mine", sensor_name: "Sensor", inputs: {} }, "mine.Sensor"],
    ["a name that is none", { sensor_module: "__proto__", sensor_name: "constructor", inputs: {} }, "constructor"],
    [
      "a store that is not supported",
      { ...fileSensor, inputs: { path: "gs://bucket/key" } },
      '"gs://" is not supported',
    ],
    ["a relative path", { ...fileSensor, inputs: { path: "data.csv" } }, "relative path"],
    ["a local path, which the operator forbids", { ...fileSensor, inputs: { path: "/data.csv" } }, "allowLocalPaths"],
  ])("of another server with %s is left running", async (_, job, problem) => {
    await using host = await createTestHost(sensor, { options: { allowLocalPaths: false } });
    const { phase, message, customInfo } = await host.get("sensor", encode(job), { flyte: 1 });
    expect({ phase, message, customInfo }).toEqual({
      phase: "running",
      message: expect.stringContaining(problem),
      customInfo: { warning: expect.stringContaining("only the server that began it can look") },
    });
    await host.delete("sensor", encode(job), { flyte: 1 });
  });

  it.each([
    ["inputs that FileSensor has not", { ...fileSensor, inputs: { path: "/a", other: 1 } }, "other"],
    ["no inputs", { ...fileSensor, inputs: null }, "path"],
    ["a path that is no text", { ...fileSensor, inputs: { path: 1 } }, "expected a string"],
    ["a path that nothing can have", { ...fileSensor, inputs: { path: "s3://" } }, "has no bucket"],
  ])("of another server with %s fails for good", async (_, job, problem) => {
    await using host = await createTestHost(sensor);
    expect(await host.get("sensor", encode(job), { flyte: 1 })).toMatchObject({
      phase: "failed",
      message: expect.stringContaining(problem),
    });
  });
});

describe("a task that cannot be run", () => {
  it.each([
    ["sensor_module is missing", waitFor("/a", {}), "custom.sensor_module"],
    ["sensor_name is no text", waitFor("/a", { ...fileSensor, sensor_name: 1 }), "custom.sensor_name"],
    ["sensor_config is no object", waitFor("/a", { ...fileSensor, sensor_config: [1] }), "custom.sensor_config"],
    [
      "the sensor is unknown",
      waitFor("/a", { ...fileSensor, sensor_module: "os" }),
      '"os.FileSensor", only flytekit.sensor',
    ],
    ["the path is missing", waitFor(undefined), 'input "path": the task declares it'],
    ["the path is relative", waitFor("data.csv"), 'input "path": is a relative path'],
    ["the store is not supported", waitFor("gs://bucket/key"), '"gs://" is not supported'],
  ])("fails for good at once: %s", async (_, task, problem) => {
    await using host = await createTestHost(sensor);
    expect(await host.run(task, { flyte: 1 })).toMatchObject({
      phase: "failed",
      message: expect.stringContaining(problem),
    });
  });

  it("is refused if the operator allows no local paths, or not this one", async () => {
    await using none = await createTestHost(sensor, { options: { allowLocalPaths: false } });
    expect(await none.run(waitFor(directory), { flyte: 1 })).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("allowLocalPaths"),
    });
    await using below = await createTestHost(sensor, { options: { localRoot: join(directory, "root") } });
    for (const path of ["/etc/passwd", `${directory}/root/../other`, `${directory}/roots`]) {
      expect(await below.run(waitFor(path), { flyte: 1 })).toMatchObject({
        phase: "failed",
        message: expect.not.stringContaining(directory),
      });
    }
  });
});

describe("a local path", () => {
  it("is waited for until it is there", async () => {
    await using host = await createTestHost(sensor);
    const path = join(directory, "late.csv");
    for (const [flyte, written] of [
      [1, path],
      [2, `file://${path}`],
    ] as const) {
      await rm(path, { force: true });
      const job = await host.create(waitFor(written), { flyte });
      const waiting = { phase: "running", message: `waiting for ${written}` };
      expect(await host.get("sensor", job, { flyte })).toMatchObject(waiting);
      await writeFile(path, "");
      expect(await host.get("sensor", job, { flyte })).toMatchObject({ phase: "succeeded" });
    }
  });

  it("below the operator's directory does not count if a link leads out of it", async () => {
    const localRoot = join(directory, "links");
    await mkdir(join(localRoot, "inside"), { recursive: true });
    await symlink(join(localRoot, "inside"), join(localRoot, "good"));
    await symlink("/etc", join(localRoot, "bad"));
    await using host = await createTestHost(sensor, { options: { localRoot } });
    expect(await host.run(waitFor(join(localRoot, "good")), { flyte: 1 })).toMatchObject({ phase: "succeeded" });
    const job = await host.create(waitFor(join(localRoot, "bad")), { flyte: 1 });
    expect(await host.get("sensor", job, { flyte: 1 })).toMatchObject({
      phase: "running",
      message: expect.stringContaining("a link leads out"),
    });
  });
});

describe("a directory that is closed to tasks", () => {
  it.each([
    "/proc/self/environ",
    "/proc",
    "/sys/kernel",
    "/dev/null",
    "/run/secrets/token",
    "/etc/secrets/key",
    "/tmp/../proc/1",
  ])("is refused: %s", async (path) => {
    await using host = await createTestHost(sensor);
    expect(await host.run(waitFor(path), { flyte: 1 })).toMatchObject({
      phase: "failed",
      message: expect.stringMatching(
        /input "path": is in \/(?:proc|sys|dev|run\/secrets|etc\/secrets), which this server never looks at/,
      ),
    });
  });

  it("is the server's own directory of secrets, wherever that is", async () => {
    const secrets = join(directory, "mounted-secrets");
    await mkdir(secrets, { recursive: true });
    await writeFile(join(secrets, "key"), "");
    vi.stubEnv("FLYTE_SECRETS_DEFAULT_DIR", secrets);
    await using host = await createTestHost(sensor);
    expect(await host.run(waitFor(join(secrets, "key")), { flyte: 1 })).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("never looks at"),
    });
  });

  it("is not there through a link either", async () => {
    const link = join(directory, "environ");
    await symlink("/proc/self/environ", link);
    await using host = await createTestHost(sensor);
    const job = await host.create(waitFor(link), { flyte: 1 });
    expect(await host.get("sensor", job, { flyte: 1 })).toMatchObject({
      phase: "running",
      message: expect.stringContaining("a link leads into /proc"),
    });
  });
});

describe("a path in S3", () => {
  let s3: TestS3;

  beforeAll(async () => {
    s3 = await startS3({ buckets: ["bucket"] });
  });

  afterAll(() => s3[Symbol.asyncDispose]());

  it.each([1, 2] as const)("is waited for until it is there, in Flyte %i", async (flyte) => {
    await using host = await createTestHost(sensor, { options: { s3: { endpoint: s3.endpoint } } });
    const job = await host.create(waitFor(`s3://bucket/${flyte}/`), { flyte });
    expect(await host.get("sensor", job, { flyte })).toMatchObject({
      phase: "running",
      message: `waiting for s3://bucket/${flyte}/`,
    });
    await s3.put("bucket", `${flyte}/part-0`);
    expect(await host.get("sensor", job, { flyte })).toMatchObject({ phase: "succeeded" });
  });

  it("is refused at create if access is denied, and waited for with a warning if that comes later", async () => {
    await using denying = await startServer((_request, response) => refuse(response, 403, "AccessDenied"));
    const task = waitFor("s3://bucket/key");
    await using host = await createTestHost(sensor, { options: { s3: { endpoint: denying.endpoint } } });
    await expect(host.create(task, { flyte: 1 })).rejects.toMatchObject({
      rawMessage: expect.stringContaining("s3:ListBucket"),
    });

    await using unchecked = await createTestHost(sensor, {
      options: { checkAccess: false, s3: { endpoint: denying.endpoint } },
    });
    const asked = denying.requests.length;
    const job = await unchecked.create(task, { flyte: 1 });
    expect(denying.requests).toHaveLength(asked);
    const state = await unchecked.get("sensor", job, { flyte: 1 });
    expect(state).toMatchObject({
      phase: "running",
      customInfo: { warning: expect.stringContaining("s3:ListBucket") },
    });
    expect(JSON.stringify(state)).not.toContain("123456789012");
    expect(JSON.stringify(unchecked.logRecords)).toContain("could not look");
  });

  it("is waited for while S3 is in trouble or hangs, from the start", async () => {
    for (const answer of [503, undefined]) {
      await using broken = await startServer((_request, response) => {
        if (answer !== undefined) response.writeHead(answer).end();
      });
      await using host = await createTestHost(sensor, {
        options: { s3: { endpoint: broken.endpoint, timeoutMs: 200 } },
      });
      const job = await host.create(waitFor("s3://bucket/key"), { flyte: 1 });
      expect(await host.get("sensor", job, { flyte: 1 })).toMatchObject({
        phase: "running",
        message: expect.stringMatching(/^waiting for s3:\/\/bucket\/key: S3 /),
      });
    }
  });
});

it("answers within the caller's time, however long S3 takes", async () => {
  await using hanging = await startServer(() => undefined);
  await using host = await createTestHost(sensor, { options: { s3: { endpoint: hanging.endpoint } } });
  const job = await host.create(waitFor("s3://bucket/key"), { flyte: 1, timeoutMs: 500 });
  expect(decode(job)).toHaveProperty("inputs.path");
});

describe("a time-out", () => {
  const path = "/nowhere/at/all";
  const inTime = { metadata: { timeout: "0.05s" } };

  it("ends a task of Flyte 2, after a last look", async () => {
    await using host = await createTestHost(sensor);
    const task = { ...waitFor(path), ...inTime };
    const job = await host.create(task, { flyte: 2 });
    expect(decode(job)).toHaveProperty("deadline");
    expect(await host.get("sensor", job, { flyte: 2 })).toMatchObject({ phase: "running" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await host.get("sensor", job, { flyte: 2 })).toMatchObject({
      phase: "retryable_failed",
      message: expect.stringContaining(`${path} was not there`),
    });

    const found = await host.create({ ...waitFor(directory), ...inTime }, { flyte: 2 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await host.get("sensor", found, { flyte: 2 })).toMatchObject({ phase: "succeeded" });
  });

  it("ends it even if nothing can be looked at", async () => {
    await using broken = await startServer((_request, response) => response.writeHead(500).end());
    await using host = await createTestHost(sensor, { options: { s3: { endpoint: broken.endpoint } } });
    const job = await host.create({ ...waitFor("s3://bucket/key"), ...inTime }, { flyte: 2 });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await host.get("sensor", job, { flyte: 2 })).toMatchObject({ phase: "retryable_failed" });
  });

  it("is left to Flyte 1 itself", async () => {
    await using host = await createTestHost(sensor);
    const job = await host.create({ ...waitFor(path), ...inTime }, { flyte: 1 });
    expect(decode(job)).not.toHaveProperty("deadline");
  });
});

it("refuses options that it does not know", async () => {
  await expect(createTestHost(sensor, { options: { s3: { endpiont: "http://minio" } } })).rejects.toThrow(/endpiont/);
});

describeAgentContract({
  plugin: sensor,
  kind: "sensor",
  task: waitFor(tmpdir()),
  requiredCustomKeys: ["sensor_module", "sensor_name"],
});
