import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { decode } from "@msgpack/msgpack";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { type BytesClient, connectForBytes } from "./bytes-client.ts";
import { fixtureAddress, type RecordedRequest, readSensorFixture, readWebhookFixture } from "./flytekit-fixture.ts";
import { repository } from "./pack-workspace.ts";
import { startProgram } from "./running-program.ts";
import { startWebhookReceiver } from "./webhook-receiver.ts";

const outputPrefix = "s3://metadata/flytesnacks-development-f1/n0/data/0";
const { TaskExecution_Phase: Phase } = flyteidl1;

let server: AgentServer;
let bytesClient: BytesClient;
let transport: Transport;

beforeAll(async () => {
  const command = join(repository, "packages/cli/bin/flyte-agent.mjs");
  server = await startAgentServer((...flags) =>
    startProgram([process.execPath, command, "serve", ...flags], { cwd: repository, env: process.env }),
  );
  bytesClient = connectForBytes(server.port);
  transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${server.port}` });
});

afterAll(async () => {
  bytesClient[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

describe("a webhook of flytekit", () => {
  const webhooks = ["webhook-get", "webhook-post", "webhook-hidden", "webhook-not-found"];

  it.each(webhooks)("from Flyte 1 does what it does on flytekit's server: %s", async (name) => {
    await using receiver = await startWebhookReceiver();
    const fixture = await readWebhookFixture(name);
    const inputs = withText(fixture.inputs, "base", receiver.address);

    const resource = await executeTaskSync(withUnknownField(fixture.template), inputs, { halfClose: true });

    expectSameRequests(receiver.requests, fixture.requests);
    const expected = fromBinary(flyteidl1.ResourceSchema, fixture.resource);
    expect(Phase[resource.phase]).toBe(Phase[expected.phase]);
    expect(resource.message).toBe(expected.message);
    expect(infoOf(resource.outputs?.literals, receiver.address)).toEqual(
      infoOf(expected.outputs?.literals, fixtureAddress),
    );
  });

  it("is answered although an old FlytePropeller does not end its side of the stream", async () => {
    await using receiver = await startWebhookReceiver();
    const { template, inputs } = await readWebhookFixture("webhook-hidden");
    const resource = await executeTaskSync(template, withText(inputs, "base", receiver.address), {
      halfClose: false,
    });
    expect(Phase[resource.phase]).toBe("SUCCEEDED");
  });

  it.each(webhooks)("from Flyte 2 does the same, by create and get: %s", async (name) => {
    await using receiver = await startWebhookReceiver();
    const fixture = await readWebhookFixture(name);
    const connector = createClient(flyteidl2.AsyncConnectorService, transport);

    const { resourceMeta } = await connector.createTask({
      template: fromBinary(flyteidl2.TaskTemplateSchema, withUnknownField(fixture.template)),
      inputs: inAnyOrder(withText(fixture.inputs, "base", receiver.address)),
      outputPrefix,
    });
    const taskCategory = { name: "webhook", version: 0 };
    const resource = await vi.waitFor(async () => {
      const { resource } = await connector.getTask({ resourceMeta, taskCategory, outputPrefix });
      expect(resource?.phase).not.toBe(flyteidl2.TaskExecution_Phase.RUNNING);
      return resource;
    });
    await connector.deleteTask({ resourceMeta, taskCategory });

    expectSameRequests(receiver.requests, fixture.requests);
    const expected = fromBinary(flyteidl1.ResourceSchema, fixture.resource);
    expect(Phase[resource?.phase ?? 0]).toBe(Phase[expected.phase]);
    expect(resource?.message).toBe(expected.message);
    const outputs = resource?.outputs?.literals.flatMap(({ name, value }) => (value ? [[name, value] as const] : []));
    expect(infoOf(outputs && Object.fromEntries(outputs), receiver.address)).toEqual(
      infoOf(expected.outputs?.literals, fixtureAddress),
    );
  });

  it("to an address where nobody listens fails in a way that Flyte may retry", async () => {
    const { template, inputs } = await readWebhookFixture("webhook-refused");
    const resource = await executeTaskSync(template, inputs, { halfClose: true });
    expect(Phase[resource.phase]).toBe("RETRYABLE_FAILED");
    expect(resource.message).toMatch(/127\.0\.0\.1/);
  });
});

describe("a sensor of flytekit", () => {
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "flyte-agent-sensor-"));
  });

  afterAll(() => rm(directory, { recursive: true }));

  it("that waits for a file, from Flyte 1, runs until the file is there", async () => {
    const path = join(directory, "flyte-1");
    const { template, inputs, job } = await readSensorFixture("sensor-file");
    const agent = createClient(flyteidl1.AsyncAgentService, transport);
    const taskCategory = { name: "sensor", version: 0 };

    const { resourceMeta } = await createTask(withUnknownField(template), withText(inputs, "path", path));
    const poll = async (): Promise<string | undefined> => {
      const { resource } = await agent.getTask({ resourceMeta, taskCategory, outputPrefix });
      return resource && Phase[resource.phase];
    };

    expect(jsonOf(resourceMeta)).toEqual({ ...jsonOf(job), inputs: { path } });
    expect(await poll()).toBe("RUNNING");
    await writeFile(path, "");
    expect(await poll()).toBe("SUCCEEDED");
    await agent.deleteTask({ resourceMeta, taskCategory });
  });

  it("that waits for a file, from Flyte 2, runs until the file is there", async () => {
    const path = join(directory, "flyte-2");
    const { template, inputs } = await readSensorFixture("sensor-file");
    const connector = createClient(flyteidl2.AsyncConnectorService, transport);
    const taskCategory = { name: "sensor", version: 0 };

    const { resourceMeta } = await connector.createTask({
      template: fromBinary(flyteidl2.TaskTemplateSchema, withUnknownField(template)),
      inputs: inAnyOrder(withText(inputs, "path", path)),
      outputPrefix,
    });
    const poll = async (): Promise<string | undefined> => {
      const { resource } = await connector.getTask({ resourceMeta, taskCategory, outputPrefix });
      return resource && Phase[resource.phase];
    };

    expect(await poll()).toBe("RUNNING");
    await writeFile(path, "");
    expect(await poll()).toBe("SUCCEEDED");
    await connector.deleteTask({ resourceMeta, taskCategory });
  });

  it("whose job a Python server has written is polled and deleted", async () => {
    const path = join(directory, "taken-over");
    const { job } = await readSensorFixture("sensor-file");
    const resourceMeta = encode(JSON.stringify({ ...jsonOf(job), inputs: { path } }));
    const agent = createClient(flyteidl1.AsyncAgentService, transport);
    const taskCategory = { name: "sensor", version: 0 };
    const poll = async (meta: Uint8Array): Promise<string | undefined> => {
      const { resource } = await agent.getTask({ resourceMeta: meta, taskCategory, outputPrefix });
      return resource && Phase[resource.phase];
    };

    expect(await poll(job)).toBe("RUNNING");
    await agent.deleteTask({ resourceMeta: job, taskCategory });
    await writeFile(path, "");
    expect(await poll(resourceMeta)).toBe("SUCCEEDED");
  });

  it("of a class of the user's own fails for good at the first poll, in both generations", async () => {
    const { template, inputs } = await readSensorFixture("sensor-custom");
    const refusal = {
      phase: Phase.FAILED,
      message: expect.stringContaining("ThermometerSensor"),
      customInfo: { code: "invalid_task" },
    };
    const taskCategory = { name: "sensor", version: 0 };
    const agent = createClient(flyteidl1.AsyncAgentService, transport);
    const one = await agent.createTask({
      template: fromBinary(flyteidl1.TaskTemplateSchema, template),
      inputs: fromBinary(flyteidl1.LiteralMapSchema, inputs),
      outputPrefix,
    });
    const { resourceMeta } = one;
    expect((await agent.getTask({ resourceMeta, taskCategory, outputPrefix })).resource).toMatchObject(refusal);
    const connector = createClient(flyteidl2.AsyncConnectorService, transport);
    const two = await connector.createTask({
      template: fromBinary(flyteidl2.TaskTemplateSchema, template),
      inputs: inAnyOrder(inputs),
      outputPrefix,
    });
    const poll = { resourceMeta: two.resourceMeta, taskCategory, outputPrefix };
    expect((await connector.getTask(poll)).resource).toMatchObject(refusal);
  });

  it("of a class of the user's own that a Python server has created is left running, and can be deleted", async () => {
    const { job: resourceMeta } = await readSensorFixture("sensor-custom");
    const agent = createClient(flyteidl1.AsyncAgentService, transport);
    const taskCategory = { name: "sensor", version: 0 };
    const { resource } = await agent.getTask({ resourceMeta, taskCategory, outputPrefix });
    expect(resource).toMatchObject({
      phase: Phase.RUNNING,
      message: expect.stringContaining("ThermometerSensor"),
    });
    await agent.deleteTask({ resourceMeta, taskCategory });
  });
});

/** ExecuteTaskSync as FlytePropeller calls it: a header, the inputs, and only the first answer counts. */
async function executeTaskSync(
  template: Uint8Array,
  inputs: Uint8Array,
  options: { halfClose: boolean },
): Promise<flyteidl1.Resource> {
  const header = concat(
    field(1, template),
    toBinary(flyteidl1.CreateRequestHeaderSchema, create(flyteidl1.CreateRequestHeaderSchema, { outputPrefix })),
  );
  const method = "/flyteidl.service.SyncAgentService/ExecuteTaskSync";
  const answers = await bytesClient.stream(method, [field(1, header), field(2, inputs)], options);
  const [first] = answers.map((bytes) => fromBinary(flyteidl1.ExecuteTaskSyncResponseSchema, bytes));
  if (first?.res.case !== "header") throw new Error(`the first of ${answers.length} answers is no header`);
  return first.res.value.resource ?? expect.fail("no resource");
}

/** CreateTask with the bytes of template and inputs as they are. */
async function createTask(template: Uint8Array, inputs: Uint8Array): Promise<flyteidl1.CreateTaskResponse> {
  const request = concat(
    field(1, inputs),
    field(2, template),
    toBinary(flyteidl1.CreateTaskRequestSchema, create(flyteidl1.CreateTaskRequestSchema, { outputPrefix })),
  );
  const answer = await bytesClient.call("/flyteidl.service.AsyncAgentService/CreateTask", request);
  return fromBinary(flyteidl1.CreateTaskResponseSchema, answer);
}

/** A protobuf field that holds these bytes. */
function field(number: number, bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
}

/** What a Flyte of the future may add to a message. */
function withUnknownField(message: Uint8Array): Uint8Array {
  return concat(message, field(9_999, encode("from a newer Flyte")));
}

/** A `LiteralMap` with another text for one of its inputs: what a test knows only when it runs. */
function withText(inputs: Uint8Array, name: string, text: string): Uint8Array {
  const map = fromBinary(flyteidl1.LiteralMapSchema, inputs);
  const value = { case: "primitive", value: { value: { case: "stringValue", value: text } } } as const;
  map.literals[name] = create(flyteidl1.LiteralSchema, { value: { case: "scalar", value: { value } } });
  return toBinary(flyteidl1.LiteralMapSchema, map);
}

/** The inputs as Flyte 2 sends them: a list, whose order is that of a Go map. */
function inAnyOrder(inputs: Uint8Array): flyteidl2.Inputs {
  const { literals } = fromBinary(flyteidl2.LiteralMapSchema, inputs);
  const entries = Object.entries(literals).map(([name, value]) => ({ name, value }));
  return create(flyteidl2.InputsSchema, { literals: entries.reverse() });
}

/** The output `info` of a webhook, with the receiver's address left out; undefined if there is no such output. */
function infoOf(literals: Literals | undefined, address: string): unknown {
  const literal = literals?.info?.value;
  if (literal?.case !== "scalar") return undefined;
  const { value: scalar } = literal.value;
  if (scalar.case !== "binary") throw new Error(`info is a ${scalar.case}`);
  expect(scalar.value.tag).toBe("msgpack");
  // Not our own reader, which might make the same mistake as our writer.
  const info = decode(scalar.value.value, { useBigInt64: true }) as { readonly url?: string };
  return info.url === undefined ? info : { ...info, url: info.url.replace(address, "") };
}

type Literals = Readonly<Record<string, flyteidl1.Literal | flyteidl2.Literal>>;

/** Compares what the receiver was sent with what flytekit's server sent, whatever the order of keys. */
function expectSameRequests(actual: readonly RecordedRequest[], flytekits: readonly RecordedRequest[]): void {
  expect(actual).toHaveLength(flytekits.length);
  for (const [index, expected] of flytekits.entries()) {
    expect(comparable(actual[index], expected)).toEqual(comparable(expected, expected));
  }
}

function comparable(request: RecordedRequest | undefined, { headers: asked }: RecordedRequest): unknown {
  const { method, target, headers, body } = request ?? expect.fail("no request");
  const { pathname, searchParams } = new URL(target, "http://receiver");
  searchParams.sort();
  // As text, what a number of JavaScript cannot hold.
  const exact = body.replaceAll(/(?<=:)\d{16,}/g, '"$&"');
  return {
    method,
    pathname,
    // Flyte's Struct knows no integers: flytekit writes 2 as 2.0 where we write what the author wrote.
    query: searchParams.toString().replaceAll(/\.0\b/g, ""),
    headers: Object.fromEntries(Object.keys(asked).map((name) => [name, headers[name]])),
    body: exact && JSON.parse(exact),
  };
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function jsonOf(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(new TextDecoder().decode(bytes));
}
