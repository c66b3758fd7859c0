import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { connect as clients } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

async function open(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => {});
  onTestFinished(() => void socket.destroy());
  return socket;
}

// A connection may end with an error, which `once` would reject with.
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.closed) resolve();
    else socket.once("close", () => resolve());
  });
}

async function answerOf(socket: Socket): Promise<string> {
  const parts: Buffer[] = [];
  socket.on("data", (bytes: Buffer) => parts.push(bytes));
  await closed(socket);
  return Buffer.concat(parts).toString();
}

const path = "/flyteidl.service.AgentMetadataService/ListAgents";
const quick = { openingTimeoutMs: 200, receiveTimeoutMs: 400, sendTimeoutMs: 200 };

test("a connection that says nothing is cut", async () => {
  const { port } = await serve({ timings: quick });
  expect(await answerOf(await open(port))).toBe("");
});

test("a connection that says one byte, which may become either protocol, is cut", async () => {
  const { port } = await serve({ timings: quick });
  const socket = await open(port);
  const before = process.cpuUsage();
  socket.write("P");
  expect(await answerOf(socket)).toBe("");
  const { user, system } = process.cpuUsage(before);
  // Waiting must not spin: the server and this test are one process.
  expect((user + system) / 1000).toBeLessThan(120);
});

test("a request that comes byte by byte is answered", async () => {
  const { port } = await serve({ timings: { ...quick, openingTimeoutMs: 5_000 } });
  const socket = await open(port);
  const text = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}`;
  const answer = answerOf(socket);
  socket.setNoDelay(true);
  for (const byte of text) {
    await new Promise((resolve) => socket.write(byte, resolve));
    await new Promise(setImmediate);
  }
  expect(await answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]*Echo Agent/);
});

test.each([
  ["headers that never end", `POST ${path} HTTP/1.1\r\nhost: x\r\nx-slow: `],
  [
    "a body that never ends",
    `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 200\r\n\r\n{`,
  ],
])("%s are given up in time", async (_name, text) => {
  const { port } = await serve({ timings: quick });
  const socket = await open(port);
  const answer = answerOf(socket);
  socket.write(text);
  expect(await answer).toMatch(/^(HTTP\/1\.1 408 |$)/);
});

test("huge headers are 431", async () => {
  const { port } = await serve();
  const socket = await open(port);
  const answer = answerOf(socket);
  socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\nx-huge: ${"x".repeat(100_000)}\r\n\r\n`);
  expect(await answer).toMatch(/^HTTP\/1\.1 431 /);
});

test.each(["\0\0\0\0\r\n\r\n", "HELO mail\r\n\r\n", "PRI * HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\n: :\r\n\r\n"])(
  "%j is no request and does no harm",
  async (text) => {
    const { port } = await serve({ timings: quick });
    const socket = await open(port);
    const answer = answerOf(socket);
    socket.write(text);
    expect(await answer).not.toMatch(/ 200 /);
    expect((await clients(port).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
  },
);

test("a client that never reads its answers is cut off from them", async () => {
  const { port, scrape } = await serve({ timings: quick });
  const socket = await open(port);
  socket.pause();
  const body = JSON.stringify({
    taskCategory: { name: "job" },
    resourceMeta: Buffer.from('{"id":"a","phase":"large answer"}').toString("base64"),
  });
  const request =
    "POST /flyteidl.service.AsyncAgentService/GetTask HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n" +
    `content-length: ${body.length}\r\n\r\n${body}`;
  // More than what the kernel's buffers take.
  socket.write(request.repeat(10));
  await expect.poll(scrape, { timeout: 10_000 }).toMatch(/^flyte_agent_connections 0$/m);
  const answers = answerOf(socket);
  socket.resume();
  expect((await answers).length).toBeLessThan(10 * 3 * 1024 * 1024);
});

test("a client that goes away in the middle of anything does no harm", async () => {
  const { port } = await serve();
  for (const text of [
    "",
    "P",
    "PRI * HT",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    `POST ${path} HTTP/1.1\r\nhost: x\r\n`,
  ]) {
    const socket = await open(port);
    if (text !== "") socket.write(text);
    socket.resetAndDestroy();
    await closed(socket);
  }
  expect((await clients(port).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
});

test("a request that breaks off is logged without a status, since it has no answer", async () => {
  const { port, logged } = await serve();
  const socket = await open(port);
  const headers = "host: x\r\ncontent-type: application/json\r\ncontent-length: 1000";
  socket.write(`POST /flyteidl.service.AsyncAgentService/GetTask HTTP/1.1\r\n${headers}\r\n\r\n{"a":`, () =>
    socket.destroy(),
  );
  const line = await logged(({ message }) => message === "a request could not be read");
  expect(line).toMatchObject({ method: "flyteidl.service.AsyncAgentService/GetTask" });
  expect(line).not.toHaveProperty("http_status");
});
