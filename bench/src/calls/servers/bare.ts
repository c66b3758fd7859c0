/**
 * The floor: what a GetTask costs on Node's own HTTP/2 server with nothing around it. It reads the one frame, decodes the
 * request with protobuf-es, parses the job, and answers RUNNING with trailers. It checks nothing.
 *
 *     node bare.ts PORT
 */
import { createServer, type ServerHttp2Stream } from "node:http2";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { flyteidl1, wire } from "@flyte-agent/idl";

const decoder = new TextDecoder();
const responseHeaders = { ":status": 200, "content-type": "application/grpc+proto" };
const trailers = { "grpc-status": "0" };

const server = createServer();
server.on("stream", (stream) => {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  stream.on("end", () =>
    answer(stream, chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)),
  );
  stream.on("error", () => {});
});
server.on("sessionError", () => {});
server.listen(Number(process.argv[2]), "127.0.0.1");

function answer(stream: ServerHttp2Stream, frame: Buffer): void {
  const request = fromBinary(wire.GetTaskRequestSchema, frame.subarray(5));
  const job: unknown = JSON.parse(decoder.decode(request.resourceMeta));
  if (typeof job !== "object") throw new TypeError("not a job");
  const message = toBinary(
    wire.GetTaskResponseSchema,
    create(wire.GetTaskResponseSchema, {
      resource: { phase: flyteidl1.TaskExecution_Phase.RUNNING, message: "at work" },
    }),
  );
  const response = Buffer.allocUnsafe(5 + message.byteLength);
  response.writeUInt8(0, 0);
  response.writeUInt32BE(message.byteLength, 1);
  response.set(message, 5);
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers(trailers));
  stream.end(response);
}
