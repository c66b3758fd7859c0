import { constants } from "node:http2";
import type { ConnectRouter } from "@connectrpc/connect";
import { jsonTooLarge, requestMemoryTaken } from "../seam/call-errors.ts";
import { createConnectHandler } from "./connect/connect-handler.ts";
import { withRequestRecord } from "./connect/method-call.ts";
import type { Encoding } from "./connect/register-methods.ts";
import { toConnectError } from "./connect/to-connect-error.ts";
import { dropEndlessDeadline } from "./drop-endless-deadline.ts";
import type { NodeRequest, NodeResponse } from "./request/node-request.ts";
import type { RequestLimits } from "./request/request-limits.ts";
import type { RequestRecord } from "./request/request-record.ts";

/** Answers one HTTP request, of either HTTP version. Never throws. */
export type RequestHandler = (request: NodeRequest, response: NodeResponse) => void;

/** What {@link createRequestHandler} needs. */
export interface RequestHandlerOptions extends RequestLimits {
  /** Registers the services, once for each encoding. */
  readonly routes: (router: ConnectRouter, encoding: Encoding) => void;
  /** Larger requests in JSON are answered with RESOURCE_EXHAUSTED, before they are decoded. */
  readonly maxJsonBytes: number;
}

/** Brings requests of the gRPC, gRPC-Web and Connect protocols to the services, over HTTP/1.1 and HTTP/2. */
export function createRequestHandler(options: RequestHandlerOptions): RequestHandler {
  const { routes, maxMessageBytes, memory, maxJsonBytes, receiveTimeoutMs, sendTimeoutMs, onRefused } = options;
  const limits = {
    readMaxBytes: maxMessageBytes,
    noRoom: () => toConnectError(requestMemoryTaken(memory.maxBytes)),
  };
  const handlers = {
    binary: createConnectHandler((router) => routes(router, "binary"), limits),
    json: createConnectHandler((router) => routes(router, "json"), {
      ...limits,
      limit: { maxBytes: maxJsonBytes, tooLarge: () => toConnectError(jsonTooLarge(maxJsonBytes)) },
    }),
  };

  return (request, response) => {
    const path = pathOf(request);
    const handler = handlers[encodingOf(request)];
    if (!handler.knows(path)) {
      answerUnknownPath(request, response);
      return;
    }
    dropEndlessDeadline(request.headers);
    limitReceiveTime(request, receiveTimeoutMs);
    limitSendTime(response, sendTimeoutMs);
    endStreamAfterAnswer(response, sendTimeoutMs);
    const record: RequestRecord = { isCall: false, problem: undefined };
    const share = memory.open();
    handler
      .handle(request, response, path, { contextValues: withRequestRecord(record), share })
      .catch((reason: unknown) => {
        record.problem ??= reason;
        refuse(response);
      });
    response.once("close", () => {
      share.release();
      if (!record.isCall)
        onRefused(path.slice(1), record.problem, response.headersSent ? response.statusCode : undefined);
    });
  };
}

// Nobody may be there any more; if somebody is, the request was no request of HTTP.
function refuse(response: NodeResponse): void {
  if (response.headersSent || response.destroyed) {
    cut(response);
    return;
  }
  response.statusCode = 400;
  response.end();
}

function encodingOf(request: NodeRequest): Encoding {
  return request.headers["content-type"]?.includes("json") === true ? "json" : "binary";
}

function pathOf(request: NodeRequest): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

// gRPC clients expect a gRPC status, also for what is not there; anyone else gets plain HTTP.
function answerUnknownPath(request: NodeRequest, response: NodeResponse): void {
  const [contentType] = /^application\/grpc(-web(-text)?)?/.exec(request.headers["content-type"] ?? "") ?? [];
  if (contentType !== undefined) {
    response.statusCode = 200;
    response.setHeader("content-type", contentType);
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
function limitReceiveTime(request: NodeRequest, timeoutMs: number): void {
  if (!("stream" in request) || isStreamingPath(request)) return;
  const { stream } = request;
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), timeoutMs);
  const stop = (): void => clearTimeout(timer);
  stream.once("end", stop);
  stream.once("close", stop);
}

// A caller that takes no answer would hold it in memory for ever. While the answer is being made nothing waits. Node's
// own time-out would not do: on HTTP/2 it starts anew with whatever the connection sends, pings included.
function limitSendTime(response: NodeResponse, timeoutMs: number): void {
  let waitingBytes = 0;
  const timer = setInterval(() => {
    if (waitingBytes > 0 && response.writableLength === waitingBytes) cut(response);
    waitingBytes = response.writableLength;
  }, timeoutMs);
  response.once("close", () => clearInterval(timer));
}

function cut(response: NodeResponse): void {
  if ("stream" in response) response.stream.close(constants.NGHTTP2_CANCEL);
  else response.destroy();
}

// A caller that never ends its side would keep the stream open for ever. RFC 9113, 8.1: reset it without an error. Not
// at once: the reset would overtake the trailers, and nothing tells when those are sent.
function endStreamAfterAnswer(response: NodeResponse, timeoutMs: number): void {
  if (!("stream" in response)) return;
  const { stream } = response;
  stream.once("finish", () => {
    if (stream.readableEnded || stream.destroyed) return;
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), timeoutMs);
    stream.once("close", () => clearTimeout(timer));
  });
}

// These read for as long as their callers like: they bound their time themselves.
function isStreamingPath(request: NodeRequest): boolean {
  return /\/(ExecuteTaskSync|ServerReflectionInfo)$/.test(pathOf(request));
}
