/**
 * The server under test of Connect's conformance suite: `server.ts DESCRIPTORS`.
 *
 * Reads a ServerCompatRequest from standard input, serves ConformanceService over the listener that serves agents, writes
 * a ServerCompatResponse to standard output, and ends on SIGTERM.
 */
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, createFileRegistry, type DescMessage, fromBinary, toBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { createLog, defaultConfig, serverTimings } from "@flyte-agent/runtime";
import { createListener } from "@flyte-agent/runtime/internal";
import type { ServerCompatRequest } from "./conformance-messages.ts";
import { conformanceService } from "./conformance-service.ts";

const [descriptors = ""] = process.argv.slice(2);
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(descriptors)));
const request = fromBinary(schemaOf("ServerCompatRequest"), await readFramed()) as ServerCompatRequest; // by its descriptor
const tls = writeTlsFiles(request);
const listener = createListener({
  routes: (router) => conformanceService(router, registry),
  server: {
    ...defaultConfig.server,
    tls: tls?.files,
    maxMessageBytes: request.messageReceiveLimit || defaultConfig.server.maxMessageBytes,
    maxJsonBytes: defaultConfig.server.maxMessageBytes,
  },
  timings: serverTimings,
  // Standard output belongs to the answer.
  log: createLog({ level: "warn" }, process.stderr),
});
const { port } = await listener.listen(0, "127.0.0.1");
writeFramed(
  toBinary(
    schemaOf("ServerCompatResponse"),
    create(schemaOf("ServerCompatResponse"), {
      host: "127.0.0.1",
      port,
      pemCert: request.useTls ? request.serverCreds?.cert : undefined,
    }),
  ),
);
await once(process, "SIGTERM");
listener.refuseNewConnections();
listener.destroyConnections();
tls?.remove();

function schemaOf(name: string): DescMessage {
  const schema = registry.getMessage(`connectrpc.conformance.v1.${name}`);
  if (schema === undefined) throw new Error(`the descriptors have no ${name}`);
  return schema;
}

/** Four bytes of length, big-endian, and so many bytes. */
async function readFramed(): Promise<Uint8Array> {
  let seen = Buffer.alloc(0);
  for await (const chunk of process.stdin) {
    seen = Buffer.concat([seen, chunk]);
    if (seen.length < 4) continue;
    const end = 4 + seen.readUInt32BE(0);
    if (seen.length >= end) return seen.subarray(4, end);
  }
  throw new Error(`standard input ended after ${seen.length} bytes, within the ServerCompatRequest`);
}

function writeFramed(bytes: Uint8Array): void {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  process.stdout.write(Buffer.concat([length, bytes]));
}

function writeTlsFiles({ useTls, serverCreds }: ServerCompatRequest) {
  if (!useTls || serverCreds === undefined) return undefined;
  const folder = mkdtempSync(join(tmpdir(), "conformance-"));
  const files = { certFile: join(folder, "cert.pem"), keyFile: join(folder, "key.pem") };
  writeFileSync(files.certFile, serverCreds.cert);
  writeFileSync(files.keyFile, serverCreds.key);
  return { files, remove: () => rmSync(folder, { recursive: true }) };
}
