import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect as netConnect } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { connect as tlsConnect } from "node:tls";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect, test } from "vitest";
import { certificate } from "../fixtures/certificate.ts";
import { clientsOf, job } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

async function subjectOf(port: number): Promise<unknown> {
  const socket = tlsConnect({ port, host: "127.0.0.1", rejectUnauthorized: false, ALPNProtocols: ["h2"] });
  await once(socket, "secureConnect");
  const { subject } = socket.getPeerCertificate();
  socket.destroy();
  return subject.CN;
}

test("gRPC and JSON are served over TLS, and a renewed certificate is taken up", async () => {
  const { certFile, keyFile, renew } = certificate("first");
  const { port, logged } = await serve({ server: { tls: { certFile, keyFile } }, timings: { tlsWatchIntervalMs: 50 } });
  const baseUrl = `https://127.0.0.1:${port}`;
  const nodeOptions = { ca: readFileSync(certFile) };
  for (const transport of [createGrpcTransport({ baseUrl, nodeOptions })]) {
    expect((await clientsOf(transport).metadata.listAgents({})).agents.length).toBeGreaterThan(0);
  }
  const http1 = tlsConnect({ port, host: "127.0.0.1", ca: nodeOptions.ca });
  await once(http1, "secureConnect");
  http1.write(
    "POST /flyteidl.service.AgentMetadataService/ListAgents HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" +
      "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
  );
  const [answer] = await once(http1, "data");
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(await subjectOf(port)).toBe("first");
  renew("second");
  await logged(({ message }) => message === "the TLS certificate was renewed");
  await expect.poll(() => subjectOf(port)).toBe("second");
});

test("over HTTP/1.1 a request is answered that comes while the large answer before it is still being sent", async () => {
  const { certFile, keyFile } = certificate("large");
  const { port } = await serve({
    server: { tls: { certFile, keyFile }, maxMessageBytes: 32 * 1024 * 1024, maxJsonBytes: 32 * 1024 * 1024 },
  });
  const socket = tlsConnect({ port, host: "127.0.0.1", ca: readFileSync(certFile) });
  await once(socket, "secureConnect");
  const post = (connection: string, body: string): boolean =>
    socket.write(
      `POST /flyteidl.service.AsyncAgentService/GetTaskMetrics HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\n` +
        `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  const request = { taskCategory: { name: "observed" }, resourceMeta: Buffer.from(job({})).toString("base64") };
  // In JSON each of these characters takes six bytes: 12 MB, more than the system takes in advance.
  post("keep-alive", JSON.stringify({ ...request, queries: ["\u0001".repeat(2_000_000)] }));
  await once(socket, "readable");
  // More than one TLS record.
  post("close", JSON.stringify({ ...request, queries: ["r".repeat(40_000)] }));
  // It is there before more of the answer is read.
  await delay(100);
  let answers = "";
  for await (const chunk of socket) answers += String(chunk);
  expect(answers.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
  expect(answers).toContain("r".repeat(40_000));
});

test("a renewed certificate that cannot be used is told, and the one before is kept", async () => {
  const { certFile, keyFile } = certificate("good");
  const { port, logged } = await serve({ server: { tls: { certFile, keyFile } }, timings: { tlsWatchIntervalMs: 50 } });
  writeFileSync(certFile, "no certificate");
  await logged(({ message }) => message === "the renewed TLS certificate cannot be used; the one before is kept");
  expect(await subjectOf(port)).toBe("good");
});

test("files that are missing or no certificate stop the start with a sentence", async () => {
  const { certFile, keyFile } = certificate("broken");
  await expect(serve({ server: { tls: { certFile: "/no/such.crt", keyFile } } })).rejects.toMatchObject({
    code: "invalid_config",
    message: "server.tls.certFile: /no/such.crt cannot be read (ENOENT)",
  });
  writeFileSync(certFile, "no certificate");
  await expect(serve({ server: { tls: { certFile, keyFile } } })).rejects.toMatchObject({
    code: "invalid_config",
    message: expect.stringMatching(/^server\.tls: certificate .* and key .* cannot be used together \(.+\)/),
  });
});

test("a client that speaks no TLS, or stops in the middle of the handshake, is cut", async () => {
  const { certFile, keyFile } = certificate("slow");
  const { port } = await serve({ server: { tls: { certFile, keyFile } }, timings: { openingTimeoutMs: 200 } });
  for (const text of ["GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01"]) {
    const socket = netConnect(port, "127.0.0.1");
    socket.on("error", () => {});
    socket.resume();
    socket.write(text);
    await new Promise<void>((resolve) => {
      socket.once("close", () => resolve());
    });
  }
  expect(await subjectOf(port)).toBe("slow");
});
