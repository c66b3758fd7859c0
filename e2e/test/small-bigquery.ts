import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A BigQuery in which every query has ended at once. */
export interface SmallBigQuery extends AsyncDisposable {
  /** Address of its API. */
  readonly endpoint: string;
  /** What `jobs.insert` was sent, oldest first. */
  readonly inserted: readonly unknown[];
}

const job = {
  status: { state: "DONE" },
  configuration: { query: { destinationTable: { projectId: "acme-dw", datasetId: "_anonymous", tableId: "rows" } } },
  jobReference: { location: "US" },
};
const results = { jobComplete: true, schema: { fields: [{ name: "word", type: "STRING" }] } };

/** Starts one on a free port; the plugin's own tests have a thorough one. */
export async function startSmallBigQuery(): Promise<SmallBigQuery> {
  const inserted: unknown[] = [];
  const server = createServer(async (request, response) => {
    if (request.method === "POST") inserted.push(await json(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.url?.includes("/queries/") ? results : job));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has an address of this shape.
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    inserted,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
