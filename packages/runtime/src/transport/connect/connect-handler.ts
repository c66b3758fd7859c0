import { Code, ConnectError, type ConnectRouter, type ContextValues, createConnectRouter } from "@connectrpc/connect";
import { compressionBrotli, compressionGzip, universalResponseToNodeResponse } from "@connectrpc/connect-node";
import type { NodeRequest, NodeResponse } from "../request/node-request.ts";
import type { RequestShare } from "../request/request-memory.ts";
import { type ByteLimit, limitBody, limitCompression, limitHeld } from "./byte-limit.ts";
import { universalRequest } from "./universal-request.ts";

/** Answers a request to one of the services. */
export interface ConnectHandler {
  /** Tells whether a path is a method of a service. */
  knows(path: string): boolean;
  /** Answers a request to a known path. Rejects if the caller went away or sent what is no request. */
  handle(request: NodeRequest, response: NodeResponse, path: string, means: RequestMeans): Promise<void>;
}

/** How much of requests is read. */
export interface ConnectLimits {
  readonly readMaxBytes: number;
  /** The error where there is no memory left for a request. */
  readonly noRoom: () => ConnectError;
  /** A smaller one than `readMaxBytes`, with an error of its own. */
  readonly limit?: ByteLimit;
}

/** What goes along with a request. */
export interface RequestMeans {
  readonly contextValues: ContextValues;
  /** What the request holds of the server's memory. */
  readonly share: RequestShare;
}

/**
 * Connect's gRPC, gRPC-Web and Connect protocols over Node's servers.
 *
 * Does what `connectNodeAdapter` does, which cannot be used: it throws out of the request listener for a request with a
 * Host header of which no URL can be made, which ends the process, writes failures to the console, and leaves requests that
 * are too large half-read.
 *
 */
export function createConnectHandler(
  routes: (router: ConnectRouter) => void,
  { readMaxBytes, noRoom, limit }: ConnectLimits,
): ConnectHandler {
  const compressions = [compressionGzip, compressionBrotli];
  const router = createConnectRouter({
    acceptCompression: limit === undefined ? compressions : compressions.map((each) => limitCompression(each, limit)),
    readMaxBytes,
    // Of our envelopes nothing unknown is handed on, and each such field of two bytes would become two objects.
    binaryOptions: { readUnknownFields: false },
  });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return {
    knows: (path) => handlers.has(path),
    async handle(request, response, path, { contextValues, share }) {
      const handler = handlers.get(path);
      if (handler === undefined) throw new ConnectError(`unknown path ${path}`, Code.Unimplemented);
      const universal = universalRequest(request, response, contextValues);
      // On HTTP/2 the response says that it has finished only when the request has, too.
      const answer = "stream" in response ? response.stream : response;
      answer.once("finish", () => void readToEnd(universal.body));
      const held = limitHeld(universal.body, { share, noRoom });
      const body = limit === undefined ? held : limitBody(held, limit);
      await universalResponseToNodeResponse(await handler({ ...universal, body }), response);
    },
  };
}

// What nobody read of a refused request would be in the way of the next request on its connection. How long this may
// take is limited as for any request.
async function readToEnd(body: AsyncIterable<unknown>): Promise<void> {
  try {
    for await (const _ of body);
  } catch {
    // The caller went away.
  }
}
