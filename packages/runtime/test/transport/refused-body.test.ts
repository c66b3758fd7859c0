import { once } from "node:events";
import { Agent, request as httpRequest } from "node:http";
import { connect as connectHttp2 } from "node:http2";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { expect, onTestFinished, test } from "vitest";
import { serve } from "../fixtures/serve.ts";

const maxMessageBytes = 10_000;
const path = "/flyteidl.service.AsyncAgentService/GetTask";

/** A message of a stream: flags, length, content. */
function enveloped(content: Buffer, flags = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}

const tooLarge = Buffer.alloc(200_000);

const refusedBodies = [
  ["Connect", "application/proto", {}, tooLarge],
  ["Connect with gzip", "application/proto", { "content-encoding": "gzip" }, gzipSync(tooLarge)],
  ["Connect with brotli", "application/proto", { "content-encoding": "br" }, brotliCompressSync(tooLarge)],
  ["Connect as JSON", "application/json", {}, Buffer.from(JSON.stringify({ outputPrefix: "x".repeat(200_000) }))],
  ["gRPC-Web", "application/grpc-web+proto", {}, enveloped(tooLarge)],
  ["gRPC-Web with gzip", "application/grpc-web+proto", { "grpc-encoding": "gzip" }, enveloped(gzipSync(tooLarge), 1)],
] as const;

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

const isRefused = ({ status, headers, text }: Answer): boolean =>
  status === 429 || headers["grpc-status"] === "8" || /grpc-status: ?8/i.test(text);

test.each(refusedBodies)(
  "%s over HTTP/1.1: the connection of a refused message serves on",
  async (_name, type, more, body) => {
    const { port } = await serve({ server: { maxMessageBytes } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    const sockets = new Set<unknown>();

    // Without a length, the server learns only by reading that the message is too large.
    const post = async (content: Buffer, isChunked: boolean, contentType: string, headers: object): Promise<Answer> => {
      const length = isChunked ? {} : { "content-length": content.length };
      const request = httpRequest({
        port,
        host: "127.0.0.1",
        agent,
        method: "POST",
        path,
        headers: { "content-type": contentType, ...headers, ...length },
      });
      for (let at = 0; at < content.length; at += 16_384) request.write(content.subarray(at, at + 16_384));
      request.end();
      const [response] = await once(request, "response", { signal: AbortSignal.timeout(3_000) });
      sockets.add(response.socket);
      let text = "";
      for await (const part of response) text += part;
      return { status: response.statusCode, headers: response.headers, text };
    };

    for (const isChunked of [false, true]) {
      expect(await post(body, isChunked, type, more)).toSatisfy(isRefused);
      const after = await post(Buffer.from("{}"), false, "application/json", {});
      expect(after).toMatchObject({ status: 400, text: expect.stringContaining("invalid_argument") });
    }
    expect(sockets.size).toBe(1);
  },
);

test.each([...refusedBodies, ["gRPC", "application/grpc+proto", { te: "trailers" }, enveloped(tooLarge)]] as const)(
  "%s over HTTP/2: a refused message takes nothing from its connection",
  async (_name, type, more, body) => {
    const { port } = await serve({ server: { maxMessageBytes } });
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    onTestFinished(() => session.destroy());

    const post = async (content: Buffer, contentType: string, headers: object): Promise<Answer> => {
      const stream = session.request({ ":method": "POST", ":path": path, "content-type": contentType, ...headers });
      stream.setTimeout(3_000, () => stream.destroy(new Error("no answer")));
      const trailers: Record<string, unknown> = {};
      stream.on("trailers", (fields) => Object.assign(trailers, fields));
      stream.end(content);
      const [fields] = await once(stream, "response");
      let text = "";
      for await (const part of stream) text += part;
      return { status: fields[":status"], headers: { ...fields, ...trailers }, text };
    };

    // More in all than the connection's window takes.
    for (let count = 0; count < 4; count += 1) expect(await post(body, type, more)).toSatisfy(isRefused);
    const after = await post(Buffer.from("{}"), "application/json", {});
    expect(after).toMatchObject({ status: 400, text: expect.stringContaining("invalid_argument") });
  },
);

test("over HTTP/2, a caller that sends on after its stream was refused is not held up", async () => {
  const { port } = await serve({ server: { maxMessageBytes } });
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": "/flyteidl.service.SyncAgentService/ExecuteTaskSync",
    "content-type": "application/connect+proto",
  });
  stream.write(enveloped(tooLarge));
  let text = "";
  for await (const part of stream) text += part;
  expect(text).toContain("resource_exhausted");
  // More than a stream's window, which opens only as the server reads.
  for (let count = 0; count < 3; count += 1) {
    const written = new Promise((resolve, reject) => {
      stream.write(enveloped(tooLarge), (error) => (error == null ? resolve(undefined) : reject(error)));
      setTimeout(() => reject(new Error("held up")), 3_000).unref();
    });
    await written;
  }
});
