import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningProcess, startProcess } from "../start-process.ts";
import type { SuiteContext } from "../suite.ts";

const repository = join(import.meta.dirname, "../../..");

/** Plugins that a server may have: our own, and the agents of the cases beside this file. */
export type ServedPlugin = "scripted-agents" | "canary-agents" | "webhook" | "sensor" | "bigquery";

/** Which server to start. */
export interface ServerOptions {
  /** Names its folder and log in the evidence; also its deployment, which the scripted agents tell. */
  readonly name: string;
  readonly port: number;
  /** Folder of the blob store that propeller uses. */
  readonly storeFolder: string;
  /** S3 server that propeller may use: its address and keys. */
  readonly s3?: { readonly endpoint: string; readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Paths without `.cert.pem` and `.key.pem`. @default no TLS */
  readonly tls?: string;
  /** @default scripted-agents, webhook, sensor */
  readonly plugins?: readonly ServedPlugin[];
  /** Where the plugin for BigQuery finds it. */
  readonly bigquery?: { readonly endpoint: string; readonly keyFile: string };
}

/** Starts `flyte-agent serve`. */
export async function startServer(
  { name, port, storeFolder, s3, tls, plugins = ["scripted-agents", "webhook", "sensor"], bigquery }: ServerOptions,
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<RunningProcess> {
  const appRoot = join(evidenceFolder, "servers", name);
  await mkdir(appRoot, { recursive: true });
  await writeFile(join(appRoot, "package.json"), JSON.stringify({ name: `interop-${name}`, private: true }));
  const configuration = {
    plugins: { list: plugins.map(folderOf) },
    inputs: { offloaded: { allow: s3 === undefined ? [] : ["s3://flyte/metadata"] } },
    config: {
      "interop-scripted-agents": { deployment: name, storeFolder, s3Endpoint: s3?.endpoint },
      webhook: { secrets: { token: ["127.0.0.1"] } },
      ...(bigquery === undefined ? {} : { bigquery: { endpoint: bigquery.endpoint } }),
    },
  };
  await writeFile(join(appRoot, "flyte-agent.config.json"), JSON.stringify(configuration, null, 2));
  const command = join(repository, "packages/cli/bin/flyte-agent.mjs");
  const flags = ["--host", "127.0.0.1", "--port", String(port), "--prometheus-port", "off", "--log-format", "json"];
  if (tls !== undefined) flags.push("--tls-cert-file", `${tls}.cert.pem`, "--tls-key-file", `${tls}.key.pem`);
  return await startProcess({
    name,
    command: [process.execPath, command, "serve", ...flags],
    cwd: appRoot,
    env: {
      ...(bigquery === undefined ? {} : { GOOGLE_APPLICATION_CREDENTIALS: bigquery.keyFile }),
      ...(s3 === undefined
        ? {}
        : {
            FLYTE_AWS_ENDPOINT: s3.endpoint,
            FLYTE_AWS_ACCESS_KEY_ID: s3.accessKeyId,
            FLYTE_AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
          }),
    },
    ready: /"plugins started"/,
    evidenceFolder: appRoot,
    signal,
  });
}

function folderOf(plugin: ServedPlugin): string {
  return plugin.endsWith("-agents") ? join(import.meta.dirname, plugin) : join(repository, "plugins", plugin);
}
