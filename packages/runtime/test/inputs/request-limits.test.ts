import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { gzipSync } from "node:zlib";
import { create, type Message, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { describe, expect, onTestFinished, test } from "vitest";
import { all, type Clients, connect, failureOf, type TemplateParts, template, template2 } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const createPath = "/flyteidl.service.AsyncAgentService/CreateTask";

/** A message with fields that no schema writes: it is sent with these bytes as field `no`. */
function withField<Shape extends Message>(message: Shape, no: number, content: Buffer): Shape {
  message.$unknown = [{ no, wireType: 2, data: lengthDelimited(content) }];
  return message;
}

function lengthDelimited(content: Buffer): Buffer {
  const length: number[] = [];
  let rest = content.length;
  for (; rest > 0x7f; rest >>>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([...length, rest]), content]);
}

function field(no: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(no << 3) | 2]), lengthDelimited(content)]);
}

function repeated(bytes: readonly number[], length: number): Buffer {
  return Buffer.alloc(length, Buffer.from(bytes));
}

/** `{ "k": [{}, {}, …] }` as a Struct. */
function emptyObjects(length: number): Buffer {
  const list = field(6, repeated([0x0a, 0x02, 0x2a, 0x00], length));
  return field(1, Buffer.concat([field(1, Buffer.from("k")), field(2, list)]));
}

function creates({ agent, sync, connector }: Clients, type: string, parts: TemplateParts = {}) {
  const header = () => create(flyteidl1.CreateRequestHeaderSchema, { template: template(type, parts) });
  async function* messages() {
    yield create(flyteidl1.ExecuteTaskSyncRequestSchema, { part: { case: "header", value: header() } });
    yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
      part: { case: "inputs", value: create(flyteidl1.LiteralMapSchema) },
    });
  }
  return [
    () => agent.createTask({ template: template(type, parts) }),
    () => connector.createTask({ template: template2(type, parts) }),
    () => all(sync.executeTaskSync(messages())),
  ];
}

describe("a template over the limit", () => {
  const custom = { text: "x".repeat(2_000) };

  test("is refused in CreateTask of both generations and in ExecuteTaskSync", async () => {
    const { port, logged, scrape } = await serve({ limits: { maxTemplateBytes: 1_000 } });
    for (const call of creates(connect(port), "echo", { custom })) {
      expect(await failureOf(call())).toEqual({
        code: "ResourceExhausted",
        message: expect.stringMatching(
          /^the task template is \d+ bytes, at most 1000 are read: pass data as an input and not in the task's configuration, or have the operator raise limits.maxTemplateBytes \[message_too_large\]$/,
        ),
      });
    }
    await logged(({ message }) => message === "a request could not be read");
    expect(await scrape()).toContain("flyte_agent_refused_requests_total");
  });

  test("is refused as JSON and over HTTP/1.1", async () => {
    const { port } = await serve({ limits: { maxTemplateBytes: 1_000 } });
    const response = await fetch(`http://127.0.0.1:${port}${createPath}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ template: { type: "echo", custom } }),
    });
    expect(await response.json()).toEqual({
      code: "resource_exhausted",
      message: expect.stringContaining("[message_too_large]"),
    });
  });

  test("is one byte larger than one that is read", async () => {
    const task = template("echo", { custom });
    const sizeBytes = toBinary(flyteidl1.TaskTemplateSchema, task).length;
    const { port } = await serve({ limits: { maxTemplateBytes: sizeBytes } });
    await connect(port).agent.createTask({ template: task });
    const { port: smaller } = await serve({ limits: { maxTemplateBytes: sizeBytes - 1 } });
    expect((await failureOf(connect(smaller).agent.createTask({ template: task }))).message).toContain(
      `is ${sizeBytes} bytes, at most ${sizeBytes - 1} are read`,
    );
  });
});

test.each([
  [
    "template",
    "an interface of empty variables",
    () => ({ template: withField(template("echo"), 4, field(1, repeated([0x0a, 0x00], 600_000))) }),
  ],
  ["template", "custom of empty objects", () => ({ template: withField(template("echo"), 5, emptyObjects(600_000)) })],
  ["template", "unknown fields", () => ({ template: withField(template("echo"), 8, repeated([0x7a, 0x00], 600_000)) })],
  [
    "task_execution_metadata",
    "unknown fields",
    () => ({
      template: template("echo"),
      taskExecutionMetadata: withField(
        create(flyteidl1.TaskExecutionMetadataSchema),
        flyteidl1.TaskExecutionMetadataSchema.field.taskExecutionId.number,
        repeated([0x0a, 0x00], 600_000),
      ),
    }),
  ],
])("%s with too many fields (%s) is refused before it is decoded", async (name, _what, request) => {
  const { port } = await serve();
  const { code, message } = await failureOf(connect(port).agent.createTask(request()));
  expect(code).toBe("ResourceExhausted");
  expect(message).toBe(
    `${name} has more than 250000 fields, those of the messages in it included: pass data as an input [message_too_large]`,
  );
});

test("a connection with too many fields is refused before it is decoded", async () => {
  const { port } = await serve();
  const connection = create(flyteidl2.ConnectionSchema);
  connection.$unknown = Array.from({ length: 260_000 }, () => ({ no: 15, wireType: 2, data: Buffer.from([0]) }));
  const { code, message } = await failureOf(
    connect(port).connector.createTask({ template: template2("job"), connection }),
  );
  expect(code).toBe("ResourceExhausted");
  expect(message).toMatch(/^connection has more than 250000 fields/);
});

describe("JSON over its limit", () => {
  const body = JSON.stringify({ template: { type: "job", custom: { text: "x".repeat(20_000) } } });
  const refused =
    "the request is JSON of more than 10000 bytes: send it in protobuf's binary form (gRPC, or application/proto), or have " +
    "the operator raise server.maxJsonBytes [message_too_large]";

  test.each([
    ["as it is", {}, Buffer.from(body)],
    ["compressed", { "content-encoding": "gzip" }, gzipSync(body)],
  ])("is refused with our sentence in Connect's form, %s", async (_how, headers, content) => {
    const { port } = await serve({ server: { maxJsonBytes: 10_000 } });
    const response = await fetch(`http://127.0.0.1:${port}${createPath}`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: content,
    });
    expect(await response.json()).toEqual({ code: "resource_exhausted", message: refused });
    const next = await fetch(`http://127.0.0.1:${port}${createPath}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ template: { type: "job" } }),
    });
    expect(next.status).toBe(200);
  });

  test("does not bound binary messages", async () => {
    const { port } = await serve({ server: { maxJsonBytes: 10_000 } });
    await connect(port).agent.createTask({ template: template("echo", { custom: { text: "x".repeat(20_000) } }) });
  });
});

test("a server with a small heap survives what 16 MiB can hold, and serves on", { timeout: 120_000 }, async () => {
  const script = join(import.meta.dirname, "../fixtures/serve-alone.ts");
  const child = spawn(process.execPath, ["--max-old-space-size=200", script], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = await once(createInterface(child.stdout), "line");
  const port = Number(line);
  const size = 15_600_000;
  const attacks: readonly (readonly [string, Buffer])[] = [
    ["custom of empty objects", field(2, Buffer.concat([field(2, Buffer.from("job")), field(5, emptyObjects(size))]))],
    ["unknown fields of the request", repeated([0x7a, 0x00], size)],
    ["unknown fields of the metadata", field(4, repeated([0x7a, 0x00], size))],
    ["secrets", field(5, repeated([0x12, 0x00], size))],
    ["variables", field(2, field(4, field(1, repeated([0x0a, 0x00], size))))],
  ];
  const post = (type: string, content: string | Uint8Array<ArrayBuffer>): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${createPath}`, {
      method: "POST",
      headers: { "content-type": type },
      body: content,
    });
  for (const [what, content] of attacks) {
    const response = await post("application/proto", new Uint8Array(content));
    expect(response.status, what).not.toBe(200);
  }
  const json = await post(
    "application/json",
    `{"template":{"type":"job","custom":{"k":[${"{},".repeat(5_000_000)}{}]}}}`,
  );
  expect(json.status).toBe(429);
  expect((await post("application/json", `{"template":{"type":"job"}}`)).status).toBe(200);
  expect(child.exitCode).toBeNull();
});
