import { once } from "node:events";
import { connect as connectSocket } from "node:net";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test } from "vitest";
import { all, connect, failureOf, job, template, text } from "../fixtures/clients.ts";
import { endsStream, frameTypes, type RawHttp2, rawHttp2 } from "../fixtures/raw-http2.ts";
import { serve } from "../fixtures/serve.ts";

const quick = { openingTimeoutMs: 200, receiveTimeoutMs: 200, sendTimeoutMs: 200 };
// On a busy machine a client may be too late for these.
const quickPings = { ...quick, pingIntervalMs: 100 };
const getTask = "/flyteidl.service.AsyncAgentService/GetTask";
const executeTaskSync = "/flyteidl.service.SyncAgentService/ExecuteTaskSync";
const cancel = 8;
const enhanceYourCalm = 11;

async function open(port: number, settings?: Buffer): Promise<RawHttp2> {
  const client = await rawHttp2(port, settings);
  onTestFinished(() => void client.socket.destroy());
  return client;
}

function poll(phase: string, get?: string): Uint8Array {
  const resourceMeta = job({ phase, ...(get === undefined ? {} : { get }) });
  const request = create(flyteidl1.GetTaskRequestSchema, { taskType: "job", resourceMeta });
  return toBinary(flyteidl1.GetTaskRequestSchema, request);
}

function echoFrames(): readonly Uint8Array[] {
  const parts: readonly MessageInitShape<typeof flyteidl1.ExecuteTaskSyncRequestSchema>[] = [
    { part: { case: "header", value: { template: template("echo") } } },
    { part: { case: "inputs", value: {} } },
  ];
  return parts.map((part) =>
    toBinary(flyteidl1.ExecuteTaskSyncRequestSchema, create(flyteidl1.ExecuteTaskSyncRequestSchema, part)),
  );
}

test("ExecuteTaskSync of a caller that never ends its side: the stream is answered, ended and closed", async () => {
  const { port } = await serve({ server: { maxConcurrentStreams: 1 }, timings: { sendTimeoutMs: 100 } });
  const client = await open(port);
  for (const streamId of [1, 3, 5]) {
    client.request(streamId, executeTaskSync);
    for (const bytes of echoFrames()) client.message(streamId, bytes, false);
    await client.received((frame) => endsStream(frame, streamId));
    // Only a closed stream makes room for the next.
    const reset = await client.received((frame) => frame.type === frameTypes.reset && frame.streamId === streamId);
    expect(reset.payload.readUInt32BE()).toBe(0);
  }
});

test("a message over the limit is RESOURCE_EXHAUSTED, and counted", async () => {
  const { port, scrape } = await serve({ server: { maxMessageBytes: 10_000 } });
  const { agent, sync } = connect(port);
  const large = { template: template("job", { inputs: ["x"] }), inputs: { literals: { x: text("x".repeat(20_000)) } } };
  const failure = await failureOf(agent.createTask(large));
  expect(failure.code).toBe("ResourceExhausted");
  expect(failure.message).toMatch(/10000/);
  const streamed = all(
    sync.executeTaskSync(
      (async function* () {
        yield { part: { case: "header" as const, value: { template: template("echo") } } };
        yield { part: { case: "inputs" as const, value: large.inputs } };
      })(),
    ),
  );
  expect((await failureOf(streamed)).code).toBe("ResourceExhausted");
  const metrics = await scrape();
  expect(metrics).toContain('{method="flyteidl.service.AsyncAgentService/CreateTask"} 1');
  expect(metrics).toContain('{method="flyteidl.service.SyncAgentService/ExecuteTaskSync"} 1');
});

test("a message of the largest size passes", async () => {
  const { port } = await serve({ server: { maxMessageBytes: 16 * 1024 * 1024 } });
  const { agent } = connect(port);
  const inputs = { literals: { x: text("x".repeat(15 * 1024 * 1024)) } };
  await agent.createTask({ template: template("job", { inputs: ["x"] }), inputs });
});

test("huge headers are refused, and other calls are answered", async () => {
  const { port } = await serve();
  // Ten times a header of 30 KB, which HPACK could compress to a tenth of it.
  const headers = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`x-${index}`, "x".repeat(30_000)]));
  await failureOf(connect(port).agent.getTask({ taskType: "job", resourceMeta: job({}) }, { headers }));
  expect((await connect(port).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
});

const fieldsOf = (count: number, bytes: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`x-${index}`, "x".repeat(bytes)]));

test.each([
  { metadata: "200 KB", fields: fieldsOf(20, 10_240), frameSize: undefined },
  { metadata: "100 KB in the smallest frames", fields: fieldsOf(10, 10_240), frameSize: 16_384 },
  { metadata: "200 fields", fields: fieldsOf(200, 10), frameSize: undefined },
])(
  "metadata over the limit end their call, not the others of its connection: $metadata",
  async ({ fields, frameSize }) => {
    const { port, events } = await serve();
    const client = await open(port);
    // Limits hold as soon as they are acknowledged.
    await client.received(({ type }) => type === frameTypes.settings);
    const waiting = once(events, "waiting");
    client.request(1, getTask);
    client.message(1, poll("running", "waits"), true);
    await waiting;
    client.maxFrameSize = frameSize ?? client.maxFrameSize;
    client.request(3, getTask, fields);
    const reset = await client.received(({ type, streamId }) => type === frameTypes.reset && streamId === 3);
    // gRPC clients make RESOURCE_EXHAUSTED of it.
    expect(reset.payload.readUInt32BE()).toBe(enhanceYourCalm);
    client.request(5, getTask);
    client.message(5, poll("running"), true);
    await client.received((frame) => endsStream(frame, 5));
    events.emit("go on");
    await client.received((frame) => endsStream(frame, 1));
  },
);

test("a connection that never says anything after the preface is cut", async () => {
  const { port } = await serve({ timings: quickPings });
  const client = await open(port);
  client.answerPings = false;
  await client.closed;
});

test("an idle connection that answers pings is kept", async () => {
  const { port } = await serve({ timings: quickPings });
  const client = await open(port);
  for (let pings = 0; pings < 5; pings += 1) {
    const sent = Buffer.alloc(8, pings + 1);
    client.send(frameTypes.ping, 0, 0, sent);
    await client.received((frame) => frame.type === frameTypes.ping && frame.payload.equals(sent));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  client.request(1, getTask);
  client.message(1, poll("running"), true);
  await client.received((frame) => endsStream(frame, 1));
});

test("a client that says goodbye and keeps its side open is cut, and harms nobody", async () => {
  const { port } = await serve({ timings: quickPings });
  const socket = connectSocket({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.resume();
  const settings = Buffer.from([0, 0, 0, frameTypes.settings, 0, 0, 0, 0, 0]);
  const goodbye = Buffer.concat([Buffer.from([0, 0, 8, frameTypes.goaway, 0, 0, 0, 0, 0]), Buffer.alloc(8)]);
  socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), settings, goodbye]));
  // A server that has let go of the connection answers what still comes with a reset.
  const writing = setInterval(() => socket.write("?"), 50);
  await closed;
  clearInterval(writing);
  const other = await open(port);
  other.request(1, getTask);
  other.message(1, poll("running"), true);
  await other.received((frame) => endsStream(frame, 1));
});

test("a query does not make a unary request endless", async () => {
  const { port } = await serve({ timings: quick });
  const client = await open(port);
  client.request(1, `${getTask}?/ExecuteTaskSync`);
  client.message(1, poll("running"), false);
  const reset = await client.received(({ type, streamId }) => type === frameTypes.reset && streamId === 1);
  expect(reset.payload.readUInt32BE()).toBe(cancel);
});

test("a unary request that is never sent to its end is given up in time", async () => {
  const { port, scrape } = await serve({ timings: quick });
  const client = await open(port);
  client.request(1, getTask);
  client.message(1, poll("running"), false);
  const reset = await client.received(({ type, streamId }) => type === frameTypes.reset && streamId === 1);
  expect(reset.payload.readUInt32BE()).toBe(cancel);
  await expect.poll(scrape).toContain('{method="flyteidl.service.AsyncAgentService/GetTask"} 1');
});

test("a client that never reads its answer is cut off from it", async () => {
  const { port, server } = await serve({ timings: quick });
  // SETTINGS_INITIAL_WINDOW_SIZE 0: not one byte may be sent.
  const client = await open(port, Buffer.from([0, 4, 0, 0, 0, 0]));
  client.request(1, getTask);
  client.message(1, poll("large answer"), true);
  const reset = await client.received(({ type, streamId }) => type === frameTypes.reset && streamId === 1);
  expect(reset.payload.readUInt32BE()).toBeGreaterThan(0);
  expect(server.openCallCount).toBe(0);
});

test("a call that takes longer than a caller may leave its answer unread is not cut", async () => {
  const { port, events } = await serve({ timings: quick });
  const waiting = once(events, "waiting");
  const call = connect(port).agent.getTask({ taskType: "job", resourceMeta: job({ get: "waits" }) });
  await waiting;
  await new Promise((resolve) => setTimeout(resolve, 600));
  events.emit("go on");
  expect((await call).resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
});

test("frames that are none end their connection only", async () => {
  const { port } = await serve({ timings: quick });
  const client = await open(port);
  client.send(frameTypes.data, 0, 99, Buffer.from("data of a stream that was never opened"));
  await client.closed;
  expect((await connect(port).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
});

test("FlytePropeller cancels each synchronous call as soon as it has read the answer: thousands in a row are fine", async () => {
  const { port } = await serve();
  const client = await open(port);
  const closed = client.closed.then(() => Promise.reject(new Error("the connection was cut")));
  closed.catch(() => {});
  const frames = echoFrames();
  for (let call = 0; call < 1500; call += 1) {
    const streamId = 2 * call + 1;
    client.request(streamId, executeTaskSync);
    for (const bytes of frames) client.message(streamId, bytes, false);
    client.send(frameTypes.reset, 0, streamId, Buffer.from([0, 0, 0, cancel]));
    if (call % 100 === 99) {
      const sent = Buffer.alloc(8);
      sent.writeUInt32BE(call);
      client.send(frameTypes.ping, 0, 0, sent);
      await Promise.race([
        closed,
        client.received(({ type, payload }) => type === frameTypes.ping && payload.equals(sent)),
      ]);
    }
  }
  client.request(9_999_999, getTask);
  client.message(9_999_999, poll("running"), true);
  await Promise.race([closed, client.received((frame) => endsStream(frame, 9_999_999))]);
});
