import { Code, ConnectError, type ContextValues } from "@connectrpc/connect";
import type { UniversalServerRequest } from "@connectrpc/connect/protocol";
import type { NodeRequest, NodeResponse } from "../request/node-request.ts";

/**
 * A request of Node's servers as Connect's handlers take it.
 *
 * Connect's own `universalRequestFromNodeRequest` makes a URL of the `:authority` or Host header and refuses what is none.
 * gRPC clients send there what they like: a list of addresses, `dns:name`, a percent-encoded path, nothing.
 */
export function universalRequest(
  request: NodeRequest,
  response: NodeResponse,
  contextValues: ContextValues,
): UniversalServerRequest & { readonly body: AsyncIterable<Uint8Array> } {
  const controller = new AbortController();
  // After the answer, too: that means nothing.
  response.once("close", () => controller.abort(callerGone));
  const body = request[Symbol.asyncIterator]();
  return {
    httpVersion: request.httpVersion,
    method: request.method ?? "",
    // Only the query is read, of requests that have their message there.
    url: new URL(request.url ?? "/", "http://agent").href,
    header: headersOf(request),
    // Without a `return`, with which Connect would destroy the request, and its connection with it, before it is answered.
    body: { [Symbol.asyncIterator]: () => ({ next: () => body.next() }) },
    signal: controller.signal,
    contextValues,
  };
}

// Much cheaper than the DOMException that abort() makes on its own.
const callerGone = new ConnectError("the caller went away", Code.Canceled);

function headersOf(request: NodeRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name.startsWith(":")) continue;
    for (const each of Array.isArray(value) ? value : [value]) headers.append(name, each);
  }
  return headers;
}
