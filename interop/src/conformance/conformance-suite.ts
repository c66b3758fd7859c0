import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { goEnvironment, goProgram } from "../harness/go-program.ts";
import { runProgram, runToSuccess } from "../harness/run-program.ts";
import type { CaseResult, Suite, SuiteContext } from "../harness/suite.ts";

const version = "1.0.7";
const module = "connectrpc.com/conformance";
const repository = join(import.meta.dirname, "../../..");

const cases = [
  { name: "Connect over HTTP/1.1", protocol: "PROTOCOL_CONNECT", httpVersion: "HTTP_VERSION_1" },
  { name: "Connect over HTTP/2", protocol: "PROTOCOL_CONNECT", httpVersion: "HTTP_VERSION_2" },
  { name: "gRPC", protocol: "PROTOCOL_GRPC", httpVersion: "HTTP_VERSION_2" },
  { name: "gRPC-Web over HTTP/1.1", protocol: "PROTOCOL_GRPC_WEB", httpVersion: "HTTP_VERSION_1" },
  { name: "gRPC-Web over HTTP/2", protocol: "PROTOCOL_GRPC_WEB", httpVersion: "HTTP_VERSION_2" },
] as const;

/** One run takes some ten seconds; a hanging one would otherwise take all the time there is. */
const timeLimitMs = 300_000;

/** Connect's own conformance suite against the listener that serves agents. No case of it is known to fail. */
export const conformanceSuite: Suite = {
  name: "conformance",
  needs: ["go"],
  async run(context) {
    const { wants, report } = context;
    const connectconformance = await goProgram(
      { package: `${module}/cmd/connectconformance`, version: `v${version}` },
      context,
    );
    const descriptors = await buildDescriptors(context);
    for (const oneCase of cases.filter(({ name }) => wants(name))) {
      const result = await runCase(oneCase, connectconformance, descriptors, context);
      report({ name: oneCase.name, generation: "-", peer: `connectconformance ${version}`, result });
    }
  },
};

/** The messages and the service of the suite, from the same Go module; npm has no package of them. */
async function buildDescriptors({ cacheFolder, evidenceFolder, signal }: SuiteContext): Promise<string> {
  const download = await runToSuccess(["go", "mod", "download", "-json", `${module}@v${version}`], {
    signal,
    env: goEnvironment(cacheFolder),
  });
  // What `go help mod download` says of -json.
  const { Dir } = JSON.parse(download) as { readonly Dir: string };
  const descriptors = join(evidenceFolder, "descriptors.binpb");
  const buf = join(repository, "node_modules/.bin/buf");
  await runToSuccess([buf, "build", join(Dir, "proto"), "--output", descriptors], { signal });
  return descriptors;
}

async function runCase(
  { name, protocol, httpVersion }: (typeof cases)[number],
  connectconformance: string,
  descriptors: string,
  { evidenceFolder, signal, progress }: SuiteContext,
): Promise<CaseResult> {
  const fileName = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  const configuration = join(evidenceFolder, `${fileName}.yaml`);
  await writeFile(configuration, JSON.stringify({ features: featuresOf(protocol, httpVersion) }, null, 2));
  const server = [process.execPath, join(import.meta.dirname, "server.ts"), descriptors];
  const timeLimit = AbortSignal.timeout(timeLimitMs);
  // The suite waits ten seconds for a server, and half a second for a call: more at once would be too much for a small machine.
  const atOnce = ["--parallel", "4", "--max-servers", "1"];
  const options = ["--mode", "server", "--conf", configuration, "-v", ...atOnce];
  try {
    const { code, stdout, stderr } = await runProgram([connectconformance, ...options, "--", ...server], {
      signal: AbortSignal.any([signal, timeLimit]),
      logFile: join(evidenceFolder, `${fileName}.log`),
      onLine(line) {
        if (/^(Running \d+ tests|\d+ passed)/.test(line)) progress(`${name}: ${line}`);
      },
    });
    if (code === 0) return { kind: "passed" };
    const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line !== "");
    const failed = lines.filter((line) => line.startsWith("FAILED: "));
    const first = failed[0] ?? `it ended with ${code}: ${lines.at(-1)}`;
    return { kind: "failed", reason: failed.length > 1 ? `${first}, and ${failed.length - 1} more` : first };
  } catch (reason) {
    if (!timeLimit.aborted) throw reason;
    return { kind: "failed", reason: `it did not end within ${timeLimitMs / 1000} s` };
  }
}

/** What our listener offers: `connectrpc.conformance.v1.Features`. */
function featuresOf(protocol: string, httpVersion: string): object {
  return {
    protocols: [protocol],
    versions: [httpVersion],
    codecs: ["CODEC_PROTO", "CODEC_JSON"],
    compressions: ["COMPRESSION_IDENTITY", "COMPRESSION_GZIP", "COMPRESSION_BR"],
    supportsH2c: httpVersion === "HTTP_VERSION_2",
    supportsTls: true,
    // The server has no setting for them.
    supportsTlsClientCerts: false,
    supportsTrailers: true,
    // Streams both ways need HTTP/2.
    supportsHalfDuplexBidiOverHttp1: false,
    supportsConnectGet: true,
    supportsMessageReceiveLimit: true,
  };
}
