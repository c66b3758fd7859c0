import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { basename } from "node:path";
import { promisify } from "node:util";

/** An npm registry on the loopback interface. */
export interface LocalRegistry extends AsyncDisposable {
  readonly url: string;
}

interface Version {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly file: string;
  readonly content: Buffer;
}

/**
 * Serves packed packages by name, and sends everything else to another registry.
 *
 * @param tarballs what `pnpm pack` wrote; several versions of a package are fine, the last one given is `latest`
 * @param upstream the registry that npm is configured with, ending in a slash
 */
export async function startLocalRegistry(tarballs: readonly string[], upstream: string): Promise<LocalRegistry> {
  const versions = await Promise.all(tarballs.map(readTarball));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "/");
    const tarball = versions.find(({ file }) => path === `/-/local/${file}`);
    const ofPackage = versions.filter(({ manifest }) => path === `/${manifest.name}`);
    if (tarball !== undefined) {
      response.end(tarball.content);
    } else if (ofPackage.length > 0) {
      sendPackument(response, ofPackage, url);
    } else {
      // 307 keeps the method: npm also posts, to ask about advisories.
      response.writeHead(307, { location: new URL((request.url ?? "/").slice(1), upstream).href }).end();
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server on a host and port has an address of this kind.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function readTarball(path: string): Promise<Version> {
  const { stdout } = await promisify(execFile)("tar", ["-xzOf", path, "package/package.json"]);
  return { manifest: JSON.parse(stdout), file: basename(path), content: await readFile(path) };
}

function sendPackument(response: ServerResponse, versions: readonly Version[], url: string): void {
  const entries = versions.map(({ manifest, file, content }) => {
    const integrity = `sha512-${createHash("sha512").update(content).digest("base64")}`;
    return [manifest.version, { ...manifest, dist: { tarball: `${url}-/local/${file}`, integrity } }] as const;
  });
  const name = versions[0]?.manifest.name;
  const published = versions.map(({ manifest }) => [manifest.version, "2026-01-01T00:00:00.000Z"]);
  response.setHeader("content-type", "application/json");
  // The next run has other content under the same version.
  response.setHeader("cache-control", "no-store");
  response.end(
    JSON.stringify({
      name,
      "dist-tags": { latest: versions.at(-1)?.manifest.version },
      versions: Object.fromEntries(entries),
      time: Object.fromEntries(published),
    }),
  );
}
