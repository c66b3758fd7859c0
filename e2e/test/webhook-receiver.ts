import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import type { RecordedRequest } from "./flytekit-fixture.ts";

/** An HTTP server that webhooks call. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly address: string;
  /** What it was sent, in order. */
  readonly requests: readonly RecordedRequest[];
}

/** Answers what the receiver of `make_fixtures.py` answers: `received`, or 404 under `/missing`. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const requests: RecordedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url: target = "" } = request;
    const headers = Object.fromEntries(Object.entries(request.headersDistinct).map(([k, v]) => [k, v?.join(", ")]));
    requests.push({ method, target, headers, body: await text(request) });
    const isMissing = target.startsWith("/missing");
    response.writeHead(isMissing ? 404 : 200, { "content-type": "text/plain; charset=utf-8" });
    response.end(isMissing ? "no such item" : "received");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    // A server on a host and port has an address of this kind.
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
