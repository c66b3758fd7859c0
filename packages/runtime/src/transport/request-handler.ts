import { constants } from "node:http2";
import type { ConnectRouter } from "@connectrpc/connect";
import { connectNodeAdapter } from "@connectrpc/connect-node";
import { type RequestRecord, withRequestRecord } from "../services/call-reached.ts";
import type { Encoding } from "../services/encoding.ts";
import { dropEndlessDeadline } from "./drop-endless-deadline.ts";

/** Answers one HTTP request, of either HTTP version. */
export type RequestHandler = ReturnType<typeof connectNodeAdapter>;

type NodeServerRequest = Parameters<RequestHandler>[0];
type NodeServerResponse = Parameters<RequestHandler>[1];

/** What {@link createRequestHandler} needs. */
export interface RequestHandlerOptions {
  /** Registers the services, once for each encoding. */
  readonly routes: (router: ConnectRouter, encoding: Encoding) => void;
  /** Larger messages are answered with RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes: number;
  /** How long a caller may take to send a unary request, in milliseconds. */
  readonly receiveTimeoutMs: number;
  /** How long a caller may leave an answer unread, in milliseconds. */
  readonly sendTimeoutMs: number;
  /**
   * Told of each request on a known method that never became a call: because it could not be decoded, was too large or
   * cut, or lacked what a call needs (then `problem` says so).
   */
  readonly onRefused: (method: string, problem: unknown) => void;
}

/** Brings requests of the gRPC, gRPC-Web and Connect protocols to the services, over HTTP/1.1 and HTTP/2. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { routes, maxMessageBytes, receiveTimeoutMs, sendTimeoutMs, onRefused } = options;
  const records = new WeakMap<NodeServerRequest, RequestRecord>();
  const handlerFor = (encoding: Encoding): RequestHandler =>
    connectNodeAdapter({
      routes: (router) => routes(router, encoding),
      readMaxBytes: maxMessageBytes,
      contextValues: (request) => {
        const record = { isCall: false, problem: undefined };
        records.set(request, record);
        return withRequestRecord(record);
      },
      fallback: answerUnknownPath,
    });
  const handlers = { binary: handlerFor("binary"), json: handlerFor("json") };

  return (request, response) => {
    dropEndlessDeadline(request.headers);
    limitReceiveTime(request, receiveTimeoutMs);
    limitSendTime(response, sendTimeoutMs);
    endStreamAfterAnswer(request, response);
    handlers[encodingOf(request)](request, response);
    // The adapter made a record if it knows the path; the services mark it as soon as they see the call.
    const record = records.get(request);
    if (record === undefined) return;
    response.once("close", () => {
      if (!record.isCall) onRefused(pathOf(request), record.problem);
    });
  };
}

function encodingOf(request: NodeServerRequest): Encoding {
  return request.headers["content-type"]?.includes("json") === true ? "json" : "binary";
}

function pathOf(request: NodeServerRequest): string {
  return (request.url ?? "/").split("?", 1)[0]?.slice(1) ?? "";
}

// gRPC clients expect a gRPC status, also for what is not there; anyone else gets plain HTTP.
function answerUnknownPath(request: NodeServerRequest, response: NodeServerResponse): void {
  if (request.headers["content-type"]?.startsWith("application/grpc") === true) {
    response.statusCode = 200;
    response.setHeader("content-type", "application/grpc");
    response.setHeader("grpc-status", "12");
    response.setHeader("grpc-message", "unknown service or method");
    response.end();
    return;
  }
  response.statusCode = 404;
  response.setHeader("content-type", "text/plain; charset=utf-8");
  response.end(
    "not found: this port serves gRPC, gRPC-Web and Connect; see the server's reflection for its services\n",
  );
}

// HTTP/1 requests are limited by their server's requestTimeout. On HTTP/2 a stream may stay half-sent for ever.
function limitReceiveTime(request: NodeServerRequest, timeoutMs: number): void {
  if (!("stream" in request) || isStreamingPath(request)) return;
  const { stream } = request;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), timeoutMs);
  const stop = (): void => clearTimeout(timer);
  stream.once("end", stop);
  stream.once("close", stop);
}

// A caller that takes no answer would hold it in memory for ever. While the answer is being made nothing waits.
function limitSendTime(response: NodeServerResponse, timeoutMs: number): void {
  response.setTimeout(timeoutMs, () => {
    if (response.writableLength > 0) response.destroy();
  });
}

// A caller that never ends its side would keep the stream open for ever. RFC 9113, 8.1: reset it without an error.
function endStreamAfterAnswer(request: NodeServerRequest, response: NodeServerResponse): void {
  if (!("stream" in request)) return;
  const { stream } = request;
  response.once("finish", () => {
    if (!stream.readableEnded) stream.close(constants.NGHTTP2_NO_ERROR);
  });
}

// These read for as long as their callers like: they bound their time themselves.
function isStreamingPath(request: NodeServerRequest): boolean {
  return /\/(ExecuteTaskSync|ServerReflectionInfo)$/.test(request.url ?? "");
}
