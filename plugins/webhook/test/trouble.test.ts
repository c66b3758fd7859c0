import { createTestHost } from "@flyte-agent/testing";
import webhook from "flyte-agent-webhook";
import { describe, expect, it } from "vitest";
import { grpcCode } from "./grpc-code.ts";
import { selfSigned } from "./self-signed.ts";
import { startServer, unusedUrl } from "./start-server.ts";
import { webhookTask } from "./webhook-task.ts";

const flyte = { flyte: 1 } as const;

describe("a webhook that is slow", () => {
  it("fails by the task's own time-out, which a retry may pass", async () => {
    await using server = await startServer(() => {});
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url, timeout_sec: 0.1 }), flyte)).toMatchObject({
      phase: "retryable_failed",
      message: "the webhook did not answer within 0.1 s (custom.timeout_sec)",
    });
    await server.requestAborted;
  });

  it("fails when its answer drips for ever", async () => {
    await using server = await startServer((_, response) => {
      const timer = setInterval(() => response.write("x"), 10);
      response.on("close", () => clearInterval(timer));
    });
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url, timeout_sec: 0.2 }), flyte)).toMatchObject({
      message: "the webhook did not answer within 0.2 s (custom.timeout_sec)",
    });
    await server.requestAborted;
  });

  it("is not waited for longer than the operator allows", async () => {
    await using server = await startServer(() => {});
    await using host = await createTestHost(webhook, { options: { maxTimeoutSec: 1 } });
    expect(await host.do(webhookTask({ url: server.url, timeout_sec: 1e12 }), flyte)).toMatchObject({
      message:
        "the webhook did not answer within 1 s (the operator's maxTimeoutSec; custom.timeout_sec is 1000000000000)",
    });
  });

  it("is given up when the caller's deadline comes first, which is the caller's to say", async () => {
    await using server = await startServer(() => {});
    await using host = await createTestHost(webhook);
    const call = host.do(webhookTask({ url: server.url, timeout_sec: 5 }), { ...flyte, timeoutMs: 300 });
    await expect(call).rejects.toMatchObject({ code: grpcCode.deadlineExceeded });
    await server.requestAborted;
  });
});

it("is hung up on when the caller cancels", async () => {
  const caller = new AbortController();
  await using server = await startServer(() => caller.abort());
  await using host = await createTestHost(webhook);
  const call = host.do(webhookTask({ url: server.url }), { ...flyte, signal: caller.signal });
  await expect(call).rejects.toMatchObject({ code: grpcCode.cancelled });
  await server.requestAborted;
});

describe("a webhook that cannot be reached", () => {
  it("names the host and why, and a retry may pass", async () => {
    const url = await unusedUrl();
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: `${url}/hunter2?hunter2`.replace("//", "//u:hunter2@") }), flyte)).toEqual(
      expect.objectContaining({
        phase: "retryable_failed",
        message: `the call of the webhook at ${new URL(url).host} failed: nothing listens there (ECONNREFUSED)`,
      }),
    );
    expect(JSON.stringify(host.logRecords)).not.toContain("hunter2");
  });

  it("says that a name is not known", async () => {
    await using host = await createTestHost(webhook);
    const { phase, message } = await host.do(webhookTask({ url: "http://no-such-host.invalid/" }), flyte);
    expect(phase).toBe("retryable_failed");
    // Without any network the answer is EAI_AGAIN.
    expect(message).toMatch(/no-such-host\.invalid failed: its name .*\((ENOTFOUND|EAI_AGAIN)\)/);
  });

  it.each([
    ["before it answers", 0],
    ["in the middle of the answer", 5],
  ])("may cut the connection %s", async (_, bytes) => {
    await using server = await startServer((request, response) => {
      if (bytes > 0) response.writeHead(200, { "content-length": 100 }).write("x".repeat(bytes));
      setTimeout(() => request.socket.destroy(), 20);
    });
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({
      phase: "retryable_failed",
      message: expect.stringContaining("it cut the connection before its answer was complete (ECONNRESET)"),
    });
  });

  it("is refused for good if its certificate cannot be trusted", async () => {
    await using server = await startServer(undefined, selfSigned);
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringMatching(/no secure connection could be made \(DEPTH_ZERO_SELF_SIGNED_CERT\)/),
    });
    expect(server.requests).toEqual([]);
  });

  it("is refused for good if it does not speak TLS", async () => {
    await using server = await startServer();
    await using host = await createTestHost(webhook);
    expect(await host.do(webhookTask({ url: server.url.replace("http:", "https:") }), flyte)).toMatchObject({
      phase: "failed",
      message: expect.stringContaining("no secure connection could be made"),
    });
  });
});
