import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { runToSuccess } from "../harness/run-program.ts";

/** A certificate of its own for 127.0.0.1, made in a folder. @returns the flags with which a server uses it. */
export async function tlsFlags(folder: string, signal: AbortSignal): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  const certFile = join(folder, "cert.pem");
  const keyFile = join(folder, "key.pem");
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const subject = ["-subj", "/CN=interop", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"];
  await runToSuccess(["openssl", "req", "-x509", ...curve, ...subject, "-keyout", keyFile, "-out", certFile], {
    signal,
  });
  return ["--tls-cert-file", certFile, "--tls-key-file", keyFile];
}
