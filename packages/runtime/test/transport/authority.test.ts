import { once } from "node:events";
import { connect } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test } from "vitest";
import { job } from "../fixtures/clients.ts";
import { endsStream, type Frame, frameTypes, type RawHttp2, rawHttp2 } from "../fixtures/raw-http2.ts";
import { serve } from "../fixtures/serve.ts";

const getTask = "/flyteidl.service.AsyncAgentService/GetTask";
const listAgents = "/flyteidl.service.AgentMetadataService/ListAgents";

const names = [
  "localhost:8000",
  "[::1]:8000",
  // grpc-core with several addresses, of IPv4 and of IPv6.
  "10.0.0.1:8000,10.0.0.2:8000",
  "%5B::1%5D:8000,%5B::2%5D:8000",
  "dns:agents.flyte",
  "xds:agents",
  "%2Fvar%2Frun%2Fagent.sock",
  "[",
  "host:port",
  "host:99999",
  "*",
];

async function open(port: number): Promise<RawHttp2> {
  const client = await rawHttp2(port);
  onTestFinished(() => void client.socket.destroy());
  return client;
}

async function poll(
  client: RawHttp2,
  streamId: number,
  fields: Readonly<Record<string, string | undefined>>,
): Promise<Frame> {
  const schema = flyteidl1.GetTaskRequestSchema;
  const request = create(schema, { taskType: "job", resourceMeta: job({ phase: "running" }) });
  client.request(streamId, getTask, fields);
  client.message(streamId, toBinary(schema, request), true);
  return await client.received((frame) => frame.streamId === streamId);
}

async function expectAnswer(client: RawHttp2, streamId: number): Promise<void> {
  // A message of gRPC: uncompressed, and not empty.
  const { payload } = await client.received((frame) => frame.type === frameTypes.data && frame.streamId === streamId);
  expect(payload.length).toBe(5 + payload.readUInt32BE(1));
  expect((await client.received((frame) => endsStream(frame, streamId))).type).toBe(frameTypes.headers);
}

test.each([...names.map((name) => ({ ":authority": name })), { ":authority": undefined, host: "10.0.0.1,10.0.0.2" }])(
  "a gRPC call is answered whatever its authority: %j",
  async (fields) => {
    const { port } = await serve();
    const client = await open(port);
    expect((await poll(client, 1, fields)).type).toBe(frameTypes.headers);
    await expectAnswer(client, 1);
  },
);

// nghttp2 does that, and Node has no switch for it.
test.each(["", undefined, "user@host", "dns:///agents.flyte:8000"])(
  "a gRPC call that HTTP/2 itself does not allow is reset, and its connection lives on: :authority %j",
  async (authority) => {
    const { port } = await serve();
    const client = await open(port);
    expect((await poll(client, 1, { ":authority": authority })).type).toBe(frameTypes.reset);
    await poll(client, 3, {});
    await expectAnswer(client, 3);
  },
);

test.each([
  ...[...names, "", "dns:///agents.flyte:8000", "user@host"].map(
    (name) => `HTTP/1.1\r\nhost: ${name}\r\nconnection: close`,
  ),
  "HTTP/1.0",
])("a request of HTTP/1 is answered whatever its host: %j", async (start) => {
  const { port } = await serve();
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(`POST ${listAgents} ${start}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
  const parts: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => parts.push(bytes));
  await once(socket, "close");
  expect(Buffer.concat(parts).toString()).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*Echo Agent/);
});

test("a request that names an authority nowhere, though HTTP/1.1 asks for a host, is refused", async () => {
  const { port } = await serve();
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  socket.write(`POST ${listAgents} HTTP/1.1\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`);
  const [answer] = await once(socket, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 400 /);
});
