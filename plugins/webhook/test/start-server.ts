import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";
import { text } from "node:stream/consumers";

/** A request that arrived. */
export interface SeenRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A real server on a free port of this machine. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** What was asked, oldest first. */
  readonly requests: readonly SeenRequest[];
  /** Resolves when the connection of a request ends before its answer did. */
  readonly requestAborted: Promise<void>;
}

/** Starts an HTTP server, or an HTTPS server if it gets a certificate. */
export async function startServer(
  answer: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => void response.end("ok"),
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  const aborted = Promise.withResolvers<void>();
  const listener = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "", url: path = "", headers } = request;
    requests.push({ method, path, headers, body: await text(request) });
    response.on("close", () => {
      if (!response.writableFinished) aborted.resolve();
    });
    answer(request, response);
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${portOf(server)}`,
    requests,
    requestAborted: aborted.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Starts a server that answers whatever bytes come with these, and keeps the connection open. */
export async function startRawServer(bytes: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    // The client hangs up on nonsense, and that is no news here.
    socket.on("error", () => {});
    socket.once("data", () => socket.write(bytes));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** The address of a port that nothing listens on. */
export async function unusedUrl(): Promise<string> {
  const server = await startServer();
  await server[Symbol.asyncDispose]();
  return server.url;
}

function portOf(server: { address(): AddressInfo | string | null }): number {
  // A server that listens on a port has an address of this shape.
  return (server.address() as AddressInfo).port;
}
