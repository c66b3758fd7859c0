import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from "node:http2";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { create, type JsonObject, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, wire } from "@flyte-agent/idl";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { job } from "../fixtures/clients.ts";
import { type Served, serve } from "../fixtures/serve.ts";

const getTask = "/flyteidl.service.AsyncAgentService/GetTask";
const createTask = "/flyteidl.service.AsyncAgentService/CreateTask";
const maxMessageBytes = 100_000;

/** A request as it goes over the wire. */
interface RawRequest {
  readonly headers?: OutgoingHttpHeaders;
  /** Each is a write of its own. */
  readonly chunks?: readonly Uint8Array[];
  /** What follows the chunks. @default "end" */
  readonly ending?: "end" | "reset" | "nothing";
}

/** What a caller sees, and what the server says of it. */
interface Seen {
  readonly http: unknown;
  readonly contentType: unknown;
  readonly status: unknown;
  readonly message: string;
  readonly body: string;
  readonly resetCode: number;
  readonly refusedRequests: number;
  readonly loggedOutcomes: readonly Readonly<Record<string, unknown>>[];
}

const poll = (custom: JsonObject, message: MessageInitShape<typeof wire.GetTaskRequestSchema> = {}): Uint8Array =>
  toBinary(
    wire.GetTaskRequestSchema,
    create(wire.GetTaskRequestSchema, { taskType: "job", resourceMeta: job(custom), ...message } as typeof message),
  );

const start = (custom: Record<string, string>): Uint8Array =>
  toBinary(
    flyteidl1.CreateTaskRequestSchema,
    create(flyteidl1.CreateTaskRequestSchema, { template: { type: "job", custom } }),
  );

function frame(message: Uint8Array, flags = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head[0] = flags;
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

const good = frame(poll({ phase: "queued" }));
const plain: RawRequest = { chunks: [good] };
const creates = (message: Uint8Array): RawRequest => ({ headers: { ":path": createTask }, chunks: [frame(message)] });
const sized = (bytes: number): Uint8Array => {
  const filler = "x".repeat(bytes - poll({}, { outputPrefix: "x".repeat(bytes / 2) }).length + bytes / 2);
  return poll({}, { outputPrefix: filler });
};

const requests: Readonly<Record<string, RawRequest>> = {
  "a poll": plain,
  "a poll of a failed job": { chunks: [frame(poll({ phase: "failed" }))] },
  "a poll with outputs": { chunks: [frame(poll({ phase: "succeeded" }))] },
  "a create": creates(start({ id: "one" })),
  "a create that is refused for good": creates(start({ create: "refuses the task" })),
  "a create whose vendor is down": creates(start({ create: "is unavailable" })),
  "an agent that throws": creates(start({ create: "throws" })),
  "an error in Chinese": creates(start({ create: "refuses at length" })),
  "a task type that nobody serves": { chunks: [frame(poll({}, { taskType: "no_such_type" }))] },
  "no task type": { chunks: [frame(poll({}, { taskType: "" }))] },
  "a job that is none": { chunks: [frame(poll({}, { resourceMeta: Buffer.from("[") }))] },
  "a message without bytes": { chunks: [frame(Buffer.alloc(0))] },
  "a frame in single bytes": { chunks: [...good].map((byte) => Buffer.of(byte)) },
  "a frame in two halves": { chunks: [good.subarray(0, 7), good.subarray(7)] },
  "unknown fields": { chunks: [frame(Buffer.concat([poll({}), Buffer.of(0xfa, 0x07, 0x01, 0x00)]))] },
  "two messages": { chunks: [good, good] },
  "two messages in one write": { chunks: [Buffer.concat([good, good])] },
  "a byte too many": { chunks: [Buffer.concat([good, Buffer.of(0)])] },
  "no message": { chunks: [] },
  "no body": { headers: { "content-length": "0" }, chunks: [] },
  "half a header": { chunks: [good.subarray(0, 3)] },
  "half a message": { chunks: [good.subarray(0, -3)] },
  "bytes that are no message": { chunks: [frame(Buffer.from("ffffffffff", "hex"))] },
  "a compressed message without an encoding": { chunks: [frame(gzipSync(poll({})), 1)] },
  "a compressed message": { headers: { "grpc-encoding": "gzip" }, chunks: [frame(gzipSync(poll({})), 1)] },
  "an encoding that the message does not use": { headers: { "grpc-encoding": "gzip" }, chunks: [good] },
  "identity as an encoding": { headers: { "grpc-encoding": "identity" }, chunks: [good] },
  "an encoding that nobody knows": { headers: { "grpc-encoding": "zstd" }, chunks: [good] },
  "a frame with other flags": { chunks: [frame(poll({}), 0x80)] },
  "a message as large as may be": { chunks: [frame(sized(maxMessageBytes))] },
  "a message that is too large": { chunks: [frame(sized(maxMessageBytes + 2))] },
  "a message that says it is too large": { chunks: [frame(poll({}), 0, 0xffffffff)] },
  "application/grpc+proto": { ...plain, headers: { "content-type": "application/grpc+proto" } },
  "application/grpc+json": { headers: { "content-type": "application/grpc+json" }, chunks: [frame(Buffer.from("{}"))] },
  "a content type with a parameter": { ...plain, headers: { "content-type": "application/grpc; charset=utf-8" } },
  "another content type": { ...plain, headers: { "content-type": "text/plain" } },
  "no content type": { ...plain, headers: { "content-type": undefined } },
  GET: { headers: { ":method": "GET" }, chunks: [] },
  PUT: { ...plain, headers: { ":method": "PUT" } },
  "a query": { ...plain, headers: { ":path": `${getTask}?x=1` } },
  "another path": { ...plain, headers: { ":path": "/flyteidl.service.AsyncAgentService/NoSuchTask" } },
  "no te": { ...plain, headers: { te: undefined } },
  "a deadline": { ...plain, headers: { "grpc-timeout": "10S" } },
  "a deadline of nothing": { ...plain, headers: { "grpc-timeout": "0n" } },
  "an endless deadline": { ...plain, headers: { "grpc-timeout": "99999999H" } },
  "a deadline that is none": { ...plain, headers: { "grpc-timeout": "soon" } },
  "a deadline with too many digits": { ...plain, headers: { "grpc-timeout": "123456789S" } },
  "an agent that takes too long": {
    headers: { ":path": createTask, "grpc-timeout": "300m" },
    chunks: [frame(start({ create: "ignores its signal" }))],
  },
  "a page of another origin": { ...plain, headers: { origin: "https://app.example.com" } },
  "headers of 60 KB": { ...plain, headers: { "x-long": "x".repeat(60_000) } },
  "a reset before a message": { chunks: [], ending: "reset" },
  "a reset within a message": { chunks: [good.subarray(0, 9)], ending: "reset" },
  "a message that does not end": { chunks: [good], ending: "nothing" },
  "half a message that does not end": { chunks: [good.subarray(0, 9)], ending: "nothing" },
};

describe("the short way of unary calls answers as the general way does", () => {
  it.each(Object.entries(requests))("%s", async (_name, request) => {
    const [short, general] = await Promise.all([true, false].map((unaryLane) => sendTo(unaryLane, request)));
    expect(short).toEqual(general);
  });

  it("calls that are reset while the agent works", async () => {
    for (const unaryLane of [true, false]) {
      const { events, port, server } = await serve({ server: { unaryLane, maxMessageBytes } });
      const aborted = new Promise((resolve) => events.once("aborted", resolve));
      const session = open(port);
      const stream = session.request({ ...headersOf({ headers: { ":path": createTask } }) });
      stream.on("error", () => {});
      stream.end(frame(start({ create: "waits for signal" })));
      await new Promise((resolve) => events.once("waiting", resolve));
      stream.close(constants.NGHTTP2_CANCEL);
      expect(await aborted).toMatchObject({ code: "call_cancelled" });
      await expect.poll(() => server.openCallCount).toBe(0);
    }
  });
});

test("what the short way does not take is as many requests as before, and the next one on its connection is answered", async () => {
  const { port } = await serve({ server: { maxMessageBytes } });
  const session = open(port);
  for (const name of [
    "two messages",
    "half a message",
    "a message that is too large",
    "a poll",
    "another content type",
  ]) {
    await exchange(session, requests[name] ?? plain);
    expect(await exchange(session, plain)).toMatchObject({ status: "0" });
  }
});

async function sendTo(unaryLane: boolean, request: RawRequest): Promise<Seen> {
  const served = await serve({
    server: { unaryLane, maxMessageBytes },
    timings: { receiveTimeoutMs: 300, sendTimeoutMs: 300 },
  });
  const session = open(served.port);
  const seen = await exchange(session, request);
  session.destroy();
  const { refusedRequests, loggedOutcomes } = await told(served);
  // Whether an answer to somebody who has gone was begun is a matter of chance.
  const isGone = request.ending === "reset";
  const outcomes = loggedOutcomes.map((line) => (isGone ? { ...line, http_status: undefined } : line));
  return { ...seen, refusedRequests, loggedOutcomes: outcomes };
}

/** What metrics and log say, once they have nothing more to say. */
async function told({ scrape, lines }: Served): Promise<Pick<Seen, "refusedRequests" | "loggedOutcomes">> {
  const count = async (): Promise<number> => {
    const found = (await scrape()).matchAll(/^flyte_agent_refused_requests_total\{.*\} (\d+)$/gm);
    return [...found].reduce((sum, [, value]) => sum + Number(value), 0);
  };
  // Whoever had the connection has gone, and so have its streams.
  await expect.poll(scrape, { timeout: 10_000 }).toMatch(/^flyte_agent_connections 0$/m);
  await delay(30);
  return {
    refusedRequests: await count(),
    loggedOutcomes: lines.flatMap(({ level, message, outcome, http_status, reason }) =>
      outcome === undefined && http_status === undefined && message !== "a request could not be read"
        ? []
        : [{ level, message, outcome, http_status, reason: String(reason).replaceAll(/[0-9a-f]{16}/g, "<call>") }],
    ),
  };
}

function open(port: number): ClientHttp2Session {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  return session;
}

function headersOf({ headers }: RawRequest): OutgoingHttpHeaders {
  const all = {
    ":method": "POST",
    ":path": getTask,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}

type Answered = Pick<Seen, "http" | "contentType" | "status" | "message" | "body" | "resetCode">;

function exchange(session: ClientHttp2Session, request: RawRequest): Promise<Answered> {
  const { chunks = [], ending = "end" } = request;
  const { promise, resolve } = Promise.withResolvers<Answered>();
  const stream = session.request(headersOf(request), { endStream: false });
  const body: Buffer[] = [];
  let fields: Record<string, unknown> = {};
  stream.on("response", (headers) => {
    fields = { ...headers };
  });
  stream.on("trailers", (trailers) => {
    fields = { ...fields, ...trailers };
  });
  stream.on("data", (chunk: Buffer) => body.push(chunk));
  stream.on("error", () => {});
  stream.on("close", () =>
    resolve({
      http: fields[":status"],
      contentType: fields["content-type"],
      status: fields["grpc-status"],
      message: decodeURIComponent(String(fields["grpc-message"] ?? "")).replaceAll(/[0-9a-f]{16}/g, "<call>"),
      body: Buffer.concat(body).toString("hex"),
      resetCode: stream.rstCode,
    }),
  );
  void send();
  return promise;

  async function send(): Promise<void> {
    for (const chunk of chunks) {
      stream.write(chunk);
      await delay(1);
    }
    if (ending === "end") stream.end();
    if (ending === "reset") stream.close(constants.NGHTTP2_CANCEL);
  }
}
