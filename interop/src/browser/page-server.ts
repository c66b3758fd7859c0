import { once } from "node:events";
import { createReadStream } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";

/** What the page imports, and what that imports: an import map tells the browser where it is, without a bundler. */
const modules = [
  "@bufbuild/protobuf",
  "@bufbuild/protobuf/codegenv2",
  "@bufbuild/protobuf/reflect",
  "@bufbuild/protobuf/wire",
  "@bufbuild/protobuf/wkt",
  "@connectrpc/connect",
  "@connectrpc/connect/protocol",
  "@connectrpc/connect/protocol-connect",
  "@connectrpc/connect/protocol-grpc-web",
  "@connectrpc/connect-web",
  "@flyte-agent/idl",
];

/** Serves an empty page that can import {@link modules}. Disposing of it ends it. */
export async function startPageServer(): Promise<{ readonly origin: string } & AsyncDisposable> {
  const paths = modules.map((name) => [name, fileURLToPath(import.meta.resolve(name))] as const);
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports: Object.fromEntries(paths) })}</script>`;
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (path === "/") response.setHeader("content-type", "text/html").end(page);
    // Relative imports lead on from the modules; nothing but code of this repository and its packages is served.
    else if (/^\/[^?]*\/(node_modules|packages\/idl)\/[^?]*\.js$/.test(path) && !path.includes(".."))
      send(path, response);
    else response.writeHead(404).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server on a host and port has an address of this kind.
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function send(path: string, response: ServerResponse): void {
  response.setHeader("content-type", "text/javascript");
  createReadStream(decodeURIComponent(path))
    .on("error", () => response.writeHead(404).end())
    .pipe(response);
}
