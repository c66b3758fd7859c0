import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";

/** An HTTP server that webhooks call. */
export interface WebhookReceiver extends AsyncDisposable {
  /** Without a slash at the end. */
  readonly address: string;
  /** What it was sent, in order. */
  readonly requests: readonly ReceivedRequest[];
}

/** A request as the receiver saw it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  /** By name and value, sorted. */
  readonly query: readonly string[];
  /** Without those that say nothing of the task. */
  readonly headers: Readonly<Record<string, string>>;
  /** All of them, in alphabetical order. */
  readonly headerNames: readonly string[];
  readonly body: string;
}

/** Starts a receiver. The path says what it answers: see `answer` below. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    requests.push(await receive(request));
    await answer(request.url ?? "", response);
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

/** The headers of httpx and of ours that say nothing of the task, or that only ours has. */
const ownHeaders = new Set([
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "host",
  "idempotency-key",
  "transfer-encoding",
  "user-agent",
]);

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const { method = "", url = "", headersDistinct } = request;
  const { pathname, searchParams } = new URL(url, "http://receiver");
  const headers = Object.entries(headersDistinct)
    .filter(([name]) => !ownHeaders.has(name))
    .map(([name, values = []]) => [name, values.join(" | ")] as const);
  return {
    method,
    path: pathname,
    query: [...searchParams].map(([name, value]) => `${name}=${value}`).sort(byText),
    headers: Object.fromEntries(headers),
    headerNames: Object.keys(headersDistinct).sort(byText),
    body: await text(request),
  };
}

function byText(a: string, b: string): number {
  return a < b ? -1 : 1;
}

async function answer(url: string, response: ServerResponse): Promise<void> {
  const status = Number(/^\/status\/(?<status>\d+)/.exec(url)?.groups?.status ?? 200);
  if (url.startsWith("/slow")) await delay(3_000);
  if (url.startsWith("/cut")) {
    response.destroy();
    return;
  }
  const isMissing = url.startsWith("/missing");
  response.writeHead(isMissing ? 404 : status, {
    "content-type": url.startsWith("/latin") ? "text/plain; charset=iso-8859-1" : "text/plain; charset=utf-8",
    ...(status >= 300 && status < 400 ? { location: "/elsewhere" } : {}),
  });
  if (status === 204 || status === 304) response.end();
  else if (isMissing) response.end("no such item");
  else if (url.startsWith("/json")) response.end('{"name": "Größe 💥"}');
  else if (url.startsWith("/latin")) response.end(Buffer.from("Größe", "latin1"));
  else if (url.startsWith("/empty")) response.end();
  else if (url.startsWith("/large")) response.end("x".repeat(2 * 1024 * 1024));
  else response.end("received");
}
