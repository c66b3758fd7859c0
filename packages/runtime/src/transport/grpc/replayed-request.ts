import { Http2ServerRequest, type IncomingHttpHeaders, type ServerHttp2Stream } from "node:http2";

/** A request of Node's on a stream of which `chunks` have been read already: whoever iterates it gets them first. */
export function replayedRequest(
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
  chunks: readonly Buffer[],
): Http2ServerRequest {
  const request = new Http2ServerRequest(stream, headers, {}, []);
  return Object.defineProperty(request, Symbol.asyncIterator, { value: () => bodyOf(stream, chunks) });
}

async function* bodyOf(stream: ServerHttp2Stream, chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
  if (!stream.readableEnded) yield* stream;
}
