import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test } from "vitest";
import { certificate } from "../fixtures/certificate.ts";
import { job } from "../fixtures/clients.ts";
import { rawHttp2Over } from "../fixtures/raw-http2.ts";
import { serve } from "../fixtures/serve.ts";

const method = "/flyteidl.service.AsyncAgentService/GetTask";
const waits = { taskType: "job", resourceMeta: job({ get: "waits for signal" }) };

/** A connection as its client holds it. */
interface Connection {
  readonly socket: Socket;
  /** What carries it: the same, or the one below TLS. */
  readonly tcp: Socket;
}

async function openTcp(port: number): Promise<Connection> {
  // Half open, or Node would close the client's side as soon as the server closes its own.
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  onTestFinished(() => void socket.destroy());
  socket.on("error", () => {});
  await once(socket, "connect");
  return { socket, tcp: socket };
}

function openTls(alpn: string): (port: number) => Promise<Connection> {
  return async (port) => {
    const { tcp } = await openTcp(port);
    const socket = tlsConnect({ socket: tcp, rejectUnauthorized: false, ALPNProtocols: [alpn] });
    socket.on("error", () => {});
    await once(socket, "secureConnect");
    return { socket, tcp };
  };
}

function pollHttp2({ socket }: Connection): void {
  const client = rawHttp2Over(socket);
  client.request(1, method);
  client.message(1, toBinary(flyteidl1.GetTaskRequestSchema, create(flyteidl1.GetTaskRequestSchema, waits)), true);
}

function pollHttp1({ socket }: Connection): void {
  const body = JSON.stringify({
    taskType: waits.taskType,
    resourceMeta: Buffer.from(waits.resourceMeta).toString("base64"),
  });
  const headers = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`;
  socket.write(`POST ${method} HTTP/1.1\r\n${headers}\r\n\r\n${body}`);
  socket.resume();
}

const protocols = [
  { protocol: "HTTP/2", isTls: false, open: openTcp, poll: pollHttp2 },
  { protocol: "HTTP/2 over TLS", isTls: true, open: openTls("h2"), poll: pollHttp2 },
  { protocol: "HTTP/1.1", isTls: false, open: openTcp, poll: pollHttp1 },
  { protocol: "HTTP/1.1 over TLS", isTls: true, open: openTls("http/1.1"), poll: pollHttp1 },
];

const departures = [
  { departure: "ends its side", leave: ({ socket }: Connection) => void socket.end() },
  { departure: "dies", leave: ({ tcp }: Connection) => void tcp.destroy() },
  { departure: "resets", leave: ({ tcp }: Connection) => void tcp.resetAndDestroy() },
];

test.each(protocols.flatMap((protocol) => departures.map((departure) => ({ ...protocol, ...departure }))))(
  "a caller over $protocol that $departure in the middle of a call is noticed",
  async ({ isTls, open, poll, leave }) => {
    const { port, events, server } = await serve({ server: { tls: isTls ? certificate("leaving") : undefined } });
    const connection = await open(port);
    const waiting = once(events, "waiting");
    poll(connection);
    await waiting;
    const closed = once(connection.tcp, "close");
    const aborted = once(events, "aborted");
    leave(connection);
    const [reason] = await aborted;
    expect(reason).toMatchObject({ code: "call_cancelled" });
    await closed;
    await expect.poll(() => server.openCallCount).toBe(0);
  },
  5_000,
);

const preface = Buffer.concat([
  Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
  Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]),
]);

test.each([
  { said: "nothing", bytes: "" },
  { said: "one byte", bytes: "P" },
  { said: "HTTP/2's preface", bytes: preface },
  { said: "half a request", bytes: `POST ${method} HTTP/1.1\r\nhost: x\r\n` },
])(
  "a connection that said $said and was ended by its client is closed",
  async ({ bytes }) => {
    const { port } = await serve();
    const { socket } = await openTcp(port);
    socket.resume();
    const closed = once(socket, "close");
    if (bytes !== "") socket.write(bytes);
    socket.end();
    await closed;
  },
  5_000,
);

test("1,500 short connections leave none behind", async () => {
  const { port, scrape } = await serve();
  for (let round = 0; round < 15; round += 1) {
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        const { socket } = await openTcp(port);
        socket.write(preface);
        await once(socket, "data");
        socket.destroy();
      }),
    );
  }
  await expect.poll(() => socketsInCloseWait(port), { timeout: 5_000 }).toBe(0);
  expect(await scrape()).toMatch(/^flyte_agent_connections 0$/m);
});

// What the kernel says; there is no such file but on Linux.
function socketsInCloseWait(port: number): number {
  const localAddress = `0100007F:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  const closeWait = "08";
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local === localAddress && state === closeWait).length;
}
