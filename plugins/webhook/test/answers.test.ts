import { gzipSync } from "node:zlib";
import { createTestHost } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { expect, it } from "vitest";
import { startRawServer, startServer } from "./start-server.ts";
import { webhookTask } from "./webhook-task.ts";

const flyte = { flyte: 1 } as const;

it.each<[string, Buffer, string, string]>([
  ["UTF-8 by default", Buffer.from("€"), "text/plain", "€"],
  ["what is not UTF-8 with replacements", Buffer.from([0x41, 0xff, 0x42]), "text/plain", "A\ufffdB"],
  ["the charset that it names", Buffer.from([0xe9]), 'text/plain; charset="ISO-8859-1"', "é"],
  ["an unknown charset as UTF-8", Buffer.from("é"), "text/plain; charset=klingon", "é"],
])("decodes an answer: %s", async (_, body, type, text) => {
  await using server = await startServer(
    (_request, response) => void response.setHeader("content-type", type).end(body),
  );
  await using host = await createTestHost(webhook);
  expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({
    outputs: { info: { response_data: text } },
  });
});

it("decompresses an answer, and bounds what comes out of it", async () => {
  await using server = await startServer((_, response) => {
    response.setHeader("content-encoding", "gzip").end(gzipSync("0".repeat(50_000_000)));
  });
  await using host = await createTestHost(webhook, { options: { maxResponseBytes: 5 } });
  expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({
    outputs: { info: { response_data: expect.stringMatching(/^00000\n\[cut here: .* 5 bytes.*maxResponseBytes\]$/) } },
  });
});

it("reads no more of a huge answer than it may, a megabyte by default", async () => {
  await using server = await startServer((_, response) => void response.end("é".repeat(10_000_000)));
  await using host = await createTestHost(webhook);
  const { phase, outputs } = await host.do(webhookTask({ url: server.url }), flyte);
  expect(phase).toBe("succeeded");
  const text = String((outputs as { info: { response_data: string } }).info.response_data);
  expect(text).toMatch(/^é+\n\[cut here/);
  expect(text.indexOf("\n")).toBe((1024 * 1024) / 2);
});

it("cuts no character in two", async () => {
  await using server = await startServer((_, response) => void response.end("€€"));
  await using host = await createTestHost(webhook, { options: { maxResponseBytes: 4 } });
  const { outputs } = await host.do(webhookTask({ url: server.url }), flyte);
  expect(outputs).toMatchObject({ info: { response_data: expect.stringMatching(/^€\n\[cut/) } });
});

it("ends an endless answer, and hangs up", async () => {
  await using server = await startServer((_, response) => {
    const timer = setInterval(() => response.write("x".repeat(10_000)), 1);
    response.on("close", () => clearInterval(timer));
  });
  await using host = await createTestHost(webhook, { options: { maxResponseBytes: 100_000 } });
  expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({
    phase: "succeeded",
    outputs: { info: { response_data: expect.stringContaining("cut here") } },
  });
  await server.requestAborted;
});

it("bounds the answer in a failure as well", async () => {
  await using server = await startServer((_, response) => void response.writeHead(400).end("x".repeat(10_000_000)));
  await using host = await createTestHost(webhook);
  const { phase, message } = await host.do(webhookTask({ url: server.url }), flyte);
  expect(phase).toBe("failed");
  expect(message).toMatch(/^Webhook failed with status code 400, response: x+/);
  expect(message.length).toBeLessThanOrEqual(4096);
});

it.each([
  ["is not HTTP", "hello\r\n\r\n", "failed", "its answer is not valid HTTP"],
  ["has endless headers", `HTTP/1.1 200 OK\r\nA: ${"x".repeat(1_000_000)}`, "failed", "its answer is not valid HTTP"],
  [
    "is not decompressible",
    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nhello",
    "failed",
    "cannot be decompressed",
  ],
  [
    "switches the protocol",
    "HTTP/1.1 101 X\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    "retryable_failed",
    "it cut the connection",
  ],
  ["stops in the middle", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nx", "retryable_failed", "within 0.5 s"],
])("explains an answer that %s", async (_, bytes, phase, problem) => {
  await using server = await startRawServer(bytes);
  await using host = await createTestHost(webhook);
  expect(await host.do(webhookTask({ url: server.url, timeout_sec: 0.5 }), flyte)).toMatchObject({
    phase,
    message: expect.stringContaining(problem),
  });
});

it.each([
  ["plain", "x", {}],
  ["not UTF-8", Buffer.from([0xff]), {}],
  ["beside shown data", "x", { data: { a: "y".repeat(80_000) }, show_data: true, show_url: true }],
])("cuts an answer to what Flyte 2 takes: %s", async (_, unit, custom) => {
  await using server = await startServer((_, response) => void response.end(Buffer.alloc(500_000, unit)));
  await using host = await createTestHost(webhook);
  expect(await host.run(webhookTask({ url: server.url, ...custom }), { flyte: 2 })).toMatchObject({
    phase: "succeeded",
    outputs: { info: { response_data: expect.stringMatching(/\n\[cut here: .* bytes, what Flyte 2 takes\]$/) } },
  });
});

it("sends nothing if Flyte 2 could not take what is to be shown", async () => {
  await using server = await startServer();
  await using host = await createTestHost(webhook);
  const task = webhookTask({ url: server.url, data: Array(10_000).fill(1), show_data: true });
  expect(await host.run(task, { flyte: 2 })).toMatchObject({
    phase: "failed",
    message: expect.stringContaining("Set show_data or show_url to false"),
  });
  expect(server.requests).toEqual([]);
});
