import { once } from "node:events";
import { type ClientHttp2Stream, connect as connectHttp2 } from "node:http2";
import { expect, onTestFinished, test } from "vitest";
import { connect, job } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const createTask = "/flyteidl.service.AsyncAgentService/CreateTask";

test.each(["application/grpc", "application/grpc-web"])(
  "large requests that are never sent to their end hold no more memory than they may: %s",
  async (contentType) => {
    const { port } = await serve({ server: { maxMessageBytes: 1024 * 1024 } });
    const start = async (): Promise<string> => {
      const stream = startRequest(port, contentType, 1_000_000);
      started.push(stream);
      return await Promise.race([statusOf(stream), held(stream)]);
    };
    const started: ClientHttp2Stream[] = [];
    expect(await Promise.all(Array.from({ length: 8 }, start))).toEqual(Array(8).fill("held"));
    expect(await Promise.all(Array.from({ length: 4 }, start))).toEqual(
      Array(4).fill(
        "14 the agent server holds 8388608 bytes of large requests already, which is all that it may: try again [plugin_unavailable]",
      ),
    );
    // Polls are small.
    const { agent } = connect(port);
    await agent.getTask({ taskCategory: { name: "job" }, resourceMeta: job({}) });
    for (const stream of started) stream.close(8);
    await expect
      .poll(async () => {
        const again = startRequest(port, contentType, 1_000_000);
        const status = await Promise.race([statusOf(again), held(again)]);
        again.close(8);
        return status;
      })
      .toBe("held");
  },
);

function startRequest(port: number, contentType: string, bytes: number): ClientHttp2Stream {
  const session = connectHttp2(`http://127.0.0.1:${port}`);
  session.on("error", () => {});
  onTestFinished(() => session.destroy());
  const stream = session.request({ ":method": "POST", ":path": createTask, "content-type": contentType });
  stream.on("error", () => {});
  const frame = Buffer.alloc(5 + bytes - 1);
  frame.writeUInt32BE(bytes, 1);
  stream.write(frame);
  return stream;
}

/** Settles when the server has taken what was sent, and nothing comes back for a while. */
async function held(stream: ClientHttp2Stream): Promise<"held"> {
  while (stream.writableLength > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await new Promise((resolve) => setTimeout(resolve, 500));
  return "held";
}

async function statusOf(stream: ClientHttp2Stream): Promise<string> {
  const [headers] = await once(stream, "response");
  if (headers["grpc-status"] !== undefined) return told(headers);
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const trailers: Record<string, string> = await Promise.race([
    once(stream, "trailers").then(([found]) => found),
    once(stream, "end").then(() => Object.fromEntries(new URLSearchParams(webTrailers(chunks)))),
  ]);
  return told(trailers);
}

/** gRPC-Web has its trailers in the last frame of the body. */
function webTrailers(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).subarray(5).toString().trim().replaceAll(": ", "=").replaceAll("\r\n", "&");
}

function told(headers: Readonly<Record<string, unknown>>): string {
  return `${headers["grpc-status"]} ${decodeURIComponent(String(headers["grpc-message"]))}`;
}
