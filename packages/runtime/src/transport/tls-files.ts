import { readFileSync, unwatchFile, watchFile } from "node:fs";
import type { Server as Http1Server } from "node:http";
import type { Server as HttpsServer } from "node:https";
import { createSecureContext } from "node:tls";
import { AgentError, type Log } from "@flyte-agent/sdk";

/** Where certificate and key are, in PEM. */
export interface TlsFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * Reads certificate and key.
 *
 * @throws AgentError `invalid_config`, naming the file.
 */
function readTlsFiles({ certFile, keyFile }: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: read("server.tls.certFile", certFile), key: read("server.tls.keyFile", keyFile) };
}

/**
 * Reads certificate and key and tries them out.
 *
 * @throws AgentError `invalid_config`, naming what is wrong.
 */
export function checkedTlsFiles(files: TlsFiles): { readonly cert: Buffer; readonly key: Buffer } {
  const pair = readTlsFiles(files);
  try {
    createSecureContext(pair);
    return pair;
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError(
      "invalid_config",
      `server.tls: certificate ${files.certFile} and key ${files.keyFile} cannot be used together (${problem})`,
      { cause },
    );
  }
}

/** Gives the server a renewed certificate as soon as its file changes. @returns a function that stops watching. */
export function watchTlsFiles(files: TlsFiles, server: Http1Server, intervalMs: number, log: Log): () => void {
  const reload = (): void => {
    try {
      // Only an https server has this method, and only such a server is watched for.
      (server as HttpsServer).setSecureContext(readTlsFiles(files));
      log.info("the TLS certificate was renewed");
    } catch (error) {
      log.error("the renewed TLS certificate cannot be used; the one before is kept", { error });
    }
  };
  const paths = [files.certFile, files.keyFile];
  for (const path of paths) watchFile(path, { interval: intervalMs, persistent: false }, reload);
  return () => {
    for (const path of paths) unwatchFile(path, reload);
  };
}

function read(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new AgentError("invalid_config", `${key}: ${path} cannot be read (${code})`, { cause });
  }
}
