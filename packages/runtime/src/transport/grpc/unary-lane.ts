import type { IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { fromBinary, type Message, toBinary } from "@bufbuild/protobuf";
import type { ServiceMethod } from "../../services/service-method.ts";
import { type Status, statusOf } from "../../services/status.ts";
import { readTrace } from "../request/read-trace.ts";
import type { RequestLimits } from "../request/request-limits.ts";
import { framed, mayBeSoleMessage, soleMessage } from "./frame.ts";
import { readTimeoutMs } from "./read-timeout.ts";
import { createStreamWatch, type WatchedStream } from "./stream-watch.ts";

/** What {@link createUnaryLane} needs. */
export interface UnaryLaneOptions extends RequestLimits {
  readonly methods: readonly ServiceMethod[];
  /** Answers a request that turned out to be none for the lane, whose body has been read as far as `chunks`. */
  readonly fallback: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, chunks: readonly Buffer[]) => void;
}

/** Answers a stream, or leaves it untouched and says `false`. */
export type UnaryLane = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => boolean;

/**
 * The short way of a unary gRPC call over HTTP/2: from the stream to the service and back. It takes what nearly all calls are
 * (one message in protobuf's binary form, not compressed), and leaves all else to Connect's handlers: whatever is unusual about
 * a request is found before anything is answered, so that there is one place that knows how to refuse it.
 */
export function createUnaryLane(options: UnaryLaneOptions): UnaryLane {
  const { maxMessageBytes, memory, receiveTimeoutMs, sendTimeoutMs, onRefused, fallback } = options;
  const routes = new Map<string, UnaryMethod>();
  for (const method of options.methods) {
    if (method.kind === "unary") routes.set(pathOf(method), method);
  }
  const watch = createStreamWatch({ receiveTimeoutMs, sendTimeoutMs });

  return (stream, headers) => {
    const method = routes.get(headers[":path"] ?? "");
    if (method === undefined || !isPlain(headers) || stream.endAfterHeaders) return false;
    const timeoutMs = readTimeoutMs(headers["grpc-timeout"]);
    if (timeoutMs === "invalid") return false;
    const deadlineMs = timeoutMs === undefined ? undefined : Date.now() + timeoutMs;

    const watched: WatchedStream = watch.add(stream);
    const share = memory.open();
    let chunks: Buffer[] = [];
    let bytes = 0;
    let isCall = false;
    let problem: unknown;
    let leave: (() => void) | undefined;

    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      bytes += chunk.length;
      const [first = chunk] = chunks;
      const start = first.length === bytes || first.length > 4 ? first : Buffer.concat(chunks);
      // More than one message, or one that is too large, compressed, or finds no room.
      if (!mayBeSoleMessage(start, bytes, maxMessageBytes) || !share.take(chunk.length)) handOver();
    };
    const onEnd = (): void => {
      // What is cut ends, too.
      if (isGone(stream)) return;
      const [first] = chunks;
      const body = first !== undefined && first.length === bytes ? first : Buffer.concat(chunks);
      const message = decode(method, soleMessage(body, maxMessageBytes));
      if (message === undefined) {
        handOver();
        return;
      }
      chunks = [];
      isCall = true;
      watched.waitsFor = "answer";
      void answer(method, message);
    };
    const onClose = (): void => {
      watch.remove(watched);
      share.release();
      leave?.();
      if (!isCall) onRefused(headers[":path"]?.slice(1) ?? "", problem, stream.headersSent ? 200 : undefined);
    };
    stream.on("data", onData);
    stream.on("end", onEnd);
    stream.on("close", onClose);
    // Callers go away as they like; an unheard error event would end the process.
    stream.on("error", ignore);
    return true;

    function handOver(): void {
      stream.off("data", onData).off("end", onEnd).off("close", onClose).pause();
      watch.remove(watched);
      share.release();
      fallback(stream, headers, chunks);
    }

    async function answer({ answer, response: schema }: UnaryMethod, message: Message): Promise<void> {
      try {
        const response = await answer(message, {
          deadlineMs,
          get trace() {
            return readTrace(text(headers.traceparent), text(headers.tracestate));
          },
          whenGone(callback) {
            if (stream.closed || stream.destroyed) callback();
            else leave = callback;
          },
          refused(reason) {
            isCall = false;
            problem = reason;
          },
        });
        succeed(stream, toBinary(schema, response));
      } catch (reason) {
        fail(stream, statusOf(reason));
      }
      leave = undefined;
      watched.waitsFor = "reader";
    }
  };
}

type UnaryMethod = Extract<ServiceMethod, { readonly kind: "unary" }>;

function ignore(): void {}

function pathOf({ descriptor }: UnaryMethod): string {
  return `/${descriptor.parent.typeName}/${descriptor.name}`;
}

/** Whether these are the headers of a call that needs nothing but its message. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  const { "content-type": contentType, "grpc-encoding": encoding } = headers;
  return (
    headers[":method"] === "POST" &&
    (contentType === "application/grpc" || contentType === "application/grpc+proto") &&
    (encoding === undefined || encoding === "identity") &&
    headers.origin === undefined
  );
}

function text(header: string | string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

/** Decodes a request; `undefined` if it is none, and there is nothing to decode. */
function decode({ request }: UnaryMethod, message: Uint8Array | undefined): Message | undefined {
  if (message === undefined) return undefined;
  try {
    // Of our envelopes nothing unknown is handed on, and each such field of two bytes would become two objects.
    return fromBinary(request, message, { readUnknownFields: false });
  } catch {
    return undefined;
  }
}

const contentType = "application/grpc+proto";
const responseHeaders = { ":status": 200, "content-type": contentType };
const okTrailers = { "grpc-status": "0" };

function succeed(stream: ServerHttp2Stream, message: Uint8Array): void {
  if (isGone(stream)) return;
  stream.respond(responseHeaders, { waitForTrailers: true });
  stream.once("wantTrailers", sendOk);
  stream.end(framed(message));
}

function sendOk(this: ServerHttp2Stream): void {
  this.sendTrailers(okTrailers);
}

/** With all of it in one block of headers ("trailers only"). */
function fail(stream: ServerHttp2Stream, { code, text }: Status): void {
  if (isGone(stream) || stream.headersSent) return;
  stream.respond(
    {
      ":status": 200,
      "content-type": contentType,
      "grpc-status": String(code),
      "grpc-message": encodeURIComponent(text),
    },
    { endStream: true },
  );
}

function isGone(stream: ServerHttp2Stream): boolean {
  return stream.closed || stream.destroyed;
}
