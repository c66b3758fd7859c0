import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { type AddressInfo, connect, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A vendor that answers `https://vendor.test` only through a proxy, with a certificate of an authority of its own. */
export interface VendorBehindProxy extends AsyncDisposable {
  readonly proxyUrl: string;
  /** The certificate of the authority (PEM). */
  readonly authorityFile: string;
  /** What the proxy was asked to connect to, or to get. */
  readonly asked: readonly string[];
}

/** Starts both on free ports. */
export async function startVendorBehindProxy(): Promise<VendorBehindProxy> {
  const directory = await mkdtemp(join(tmpdir(), "flyte-agent-vendor-"));
  const file = (name: string): string => join(directory, name);
  makeCertificates(directory);
  const [key, cert] = await Promise.all([readFile(file("vendor.key")), readFile(file("vendor.crt"))]);
  const vendor = createHttpsServer({ key, cert }, (_, answer) => answer.end("the vendor's answer"));
  const vendorPort = await listening(vendor);

  const asked: string[] = [];
  const proxy = createHttpServer((request, answer) => {
    asked.push(request.url ?? "");
    answer.writeHead(403).end();
  });
  proxy.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.on("error", () => {});
    if (request.url !== "vendor.test:443") {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      return;
    }
    const upstream = connect(vendorPort, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => socket.destroy());
  });
  const proxyPort = await listening(proxy);
  return {
    proxyUrl: `http://127.0.0.1:${proxyPort}`,
    authorityFile: file("authority.crt"),
    asked,
    async [Symbol.asyncDispose]() {
      for (const server of [vendor, proxy]) {
        server.close();
        server.closeAllConnections();
      }
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function makeCertificates(cwd: string): void {
  const openssl = (...args: readonly string[]): void => void execFileSync("openssl", args, { cwd, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  const authority = ["-subj", "/CN=Private Authority", "-keyout", "authority.key", "-out", "authority.crt"];
  openssl("req", "-x509", ...key, ...authority);
  const signer = ["-CA", "authority.crt", "-CAkey", "authority.key"];
  const names = ["-subj", "/CN=vendor.test", "-addext", "subjectAltName=DNS:vendor.test"];
  openssl("req", "-x509", ...key, ...signer, ...names, "-keyout", "vendor.key", "-out", "vendor.crt");
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // a server on a port has one
}
