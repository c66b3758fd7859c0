import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { Code, ConnectError, type ConnectRouter, type ContextValues, createConnectRouter } from "@connectrpc/connect";
import {
  compressionBrotli,
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";

/** A request of either HTTP version. */
export type NodeRequest = IncomingMessage | Http2ServerRequest;
/** A response of either HTTP version. */
export type NodeResponse = ServerResponse | Http2ServerResponse;

/** Answers a request to one of the services. */
export interface ConnectHandler {
  /** Tells whether a path is a method of a service. */
  knows(path: string): boolean;
  /** Answers a request to a known path. Rejects if the caller went away or sent what is no request. */
  handle(request: NodeRequest, response: NodeResponse, path: string, contextValues: ContextValues): Promise<void>;
}

/**
 * Connect's gRPC, gRPC-Web and Connect protocols over Node's servers.
 *
 * Does what `connectNodeAdapter` does, which cannot be used: it throws out of the request listener for a request with
 * an unusable Host header, which ends the process, and writes failures to the console.
 */
export function createConnectHandler(routes: (router: ConnectRouter) => void, readMaxBytes: number): ConnectHandler {
  const router = createConnectRouter({ acceptCompression: [compressionGzip, compressionBrotli], readMaxBytes });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return {
    knows: (path) => handlers.has(path),
    async handle(request, response, path, contextValues) {
      const handler = handlers.get(path);
      if (handler === undefined) throw new ConnectError(`unknown path ${path}`, Code.Unimplemented);
      const universal = universalRequestFromNodeRequest(request, response, undefined, contextValues);
      await universalResponseToNodeResponse(await handler(universal), response);
    },
  };
}
