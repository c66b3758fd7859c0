import { cors } from "@connectrpc/connect";
import type { NodeRequest, NodeResponse } from "./request/node-request.ts";
import type { RequestHandler } from "./request-handler.ts";

/**
 * Lets pages of other origins call the server: answers a browser's question beforehand (preflight) and lets the page read
 * the headers of the protocols.
 *
 * @param origins such as `https://app.example.com`; `*` is every origin. None leaves the handler as it is.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function withCors(handler: RequestHandler, origins: readonly string[]): RequestHandler {
  if (origins.length === 0) return handler;
  const allowsAll = origins.includes("*");

  return (request, response) => {
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && (allowsAll || origins.includes(origin));
    if (!allowsAll) response.setHeader("vary", "Origin");
    if (isAllowed) response.setHeader("access-control-allow-origin", allowsAll ? "*" : origin);
    if (request.method === "OPTIONS" && "access-control-request-method" in request.headers) {
      answerPreflight(request, response, isAllowed);
      return;
    }
    if (isAllowed) response.setHeader("access-control-expose-headers", cors.exposedHeaders.join(", "));
    handler(request, response);
  };
}

function answerPreflight(request: NodeRequest, response: NodeResponse, isAllowed: boolean): void {
  request.resume();
  response.statusCode = 204;
  if (isAllowed) {
    response.setHeader("access-control-allow-methods", cors.allowedMethods.join(", "));
    response.setHeader("access-control-allow-headers", cors.allowedHeaders.join(", "));
    // Two hours: Chromium caps it there.
    response.setHeader("access-control-max-age", "7200");
  }
  response.end();
}
