import { join } from "node:path";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { type AgentServer, startAgentServer } from "../harness/start-agent-server.ts";
import type { SuiteContext } from "../harness/suite.ts";

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

/** Starts a server for propeller. */
export function startServer(
  { name, port, storeFolder, s3, tls, plugins = ["scripted-agents", "webhook", "sensor"], bigquery }: ServerOptions,
  context: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<AgentServer> {
  return startAgentServer(
    {
      name,
      port,
      plugins: plugins.map(folderOf),
      configuration: {
        inputs: { offloaded: { allow: s3 === undefined ? [] : ["s3://flyte/metadata"] } },
        // Options of a plugin that is not served stop the start.
        config: {
          ...(plugins.includes("scripted-agents")
            ? { "interop-scripted-agents": { deployment: name, storeFolder, s3Endpoint: s3?.endpoint } }
            : {}),
          ...(plugins.includes("webhook") ? { webhook: { secrets: { token: ["127.0.0.1"] } } } : {}),
          ...(bigquery === undefined ? {} : { bigquery: { endpoint: bigquery.endpoint } }),
        },
      },
      flags: tls === undefined ? [] : ["--tls-cert-file", `${tls}.cert.pem`, "--tls-key-file", `${tls}.key.pem`],
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
    },
    context,
  );
}

function folderOf(plugin: ServedPlugin): string {
  switch (plugin) {
    case "scripted-agents":
    case "canary-agents":
      return join(import.meta.dirname, plugin);
    default:
      return pluginFolder(plugin);
  }
}
