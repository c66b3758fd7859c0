import { Http2ServerResponse } from "node:http2";
import type { ServerConfig } from "../config/resolved-config.ts";
import type { RuntimeLog } from "../log/create-log.ts";
import { errorFields } from "../log/error-fields.ts";
import type { ServiceMethod } from "../services/service-method.ts";
import { replayedRequest } from "../transport/grpc/replayed-request.ts";
import { createUnaryLane } from "../transport/grpc/unary-lane.ts";
import { createPortListener, type PortListener } from "../transport/port-listener.ts";
import type { RequestLimits } from "../transport/request/request-limits.ts";
import { createRequestMemory } from "../transport/request/request-memory.ts";
import { createRequestHandler, type RequestHandlerOptions } from "../transport/request-handler.ts";
import { withCors } from "../transport/with-cors.ts";
import type { ServerTimings } from "./server-timings.ts";

/** What {@link createListener} needs. */
export interface ListenerOptions {
  readonly routes: RequestHandlerOptions["routes"];
  /** What `routes` registers, where unary gRPC calls may take the short way. @default none does */
  readonly methods?: readonly ServiceMethod[];
  readonly server: Pick<
    ServerConfig,
    "maxMessageBytes" | "maxJsonBytes" | "unaryLane" | "maxConcurrentStreams" | "tls" | "cors"
  >;
  readonly timings: ServerTimings;
  readonly log: RuntimeLog;
  /** Told of each request on a known method that never became a call. @default nobody is */
  readonly onRefused?: (method: string) => void;
  /** Told of each connection that was refused because too few file descriptors were left. @default nobody is */
  readonly onConnectionRefused?: () => void;
}

/** So many requests of the largest size are held at a time; smaller ones are more. */
const requestsInMemory = 8;

/** Makes the listener that serves agents, for any services. */
export function createListener(options: ListenerOptions): PortListener {
  const { routes, methods, server, timings, log, onRefused, onConnectionRefused = () => {} } = options;
  const limits: RequestLimits = {
    maxMessageBytes: server.maxMessageBytes,
    memory: createRequestMemory(requestsInMemory * server.maxMessageBytes),
    receiveTimeoutMs: timings.receiveTimeoutMs,
    sendTimeoutMs: timings.sendTimeoutMs,
    onRefused(method, problem, httpStatus) {
      onRefused?.(method);
      const why = problem === undefined ? {} : errorFields(problem);
      log.warn("a request could not be read", { method, http_status: httpStatus, ...why });
    },
  };
  const handler = withCors(
    createRequestHandler({ ...limits, routes, maxJsonBytes: server.maxJsonBytes }),
    server.cors.origins,
  );
  return createPortListener({
    handler,
    lane:
      methods === undefined || !server.unaryLane
        ? undefined
        : createUnaryLane({
            ...limits,
            methods,
            fallback: (stream, headers, chunks) =>
              handler(replayedRequest(stream, headers, chunks), new Http2ServerResponse(stream)),
          }),
    tls: server.tls,
    maxConcurrentStreams: server.maxConcurrentStreams,
    timings,
    onConnectionRefused,
    log,
  });
}
