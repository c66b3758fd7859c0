import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Metrics } from "../metrics/create-metrics.ts";
import { portUnavailable } from "../transport/port-unavailable.ts";

/** The port that Prometheus reads. */
export interface MetricsServer {
  readonly port: number;
  close(): void;
}

/**
 * Serves the metrics on a port of their own. As with the Python servers, any path answers.
 *
 * @throws AgentError `port_unavailable`.
 */
export async function startMetricsServer(metrics: Metrics, port: number, host: string): Promise<MetricsServer> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, (request, response) => {
    request.resume();
    if (request.method !== "GET" && request.method !== "HEAD") {
      response.writeHead(405, { allow: "GET, HEAD" }).end();
      return;
    }
    metrics.text().then(
      (text) => response.writeHead(200, { "content-type": metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen({ port, host });
  try {
    await once(server, "listening");
  } catch (cause) {
    throw portUnavailable(port, host, cause);
  }
  // The port is for machines: it must not keep the process alive, and its failure must not end it.
  server.on("error", () => {});
  return {
    // A TCP server that listens has an address of this form.
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
