import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../harness/free-port.ts";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { pythonEnvironment } from "../harness/python-environment.ts";
import { startAgentServer } from "../harness/start-agent-server.ts";
import { startProcess } from "../harness/start-process.ts";
import type { SuiteContext } from "../harness/suite.ts";

/** Who serves `bigquery_query_job_task`. */
export type ConnectorName = "flytekit" | "flyte-sdk" | "ours";

/** The Python connector of each generation of Flyte. */
export const pythonConnectors = { 1: "flytekit", 2: "flyte-sdk" } as const;

/** A server that runs. Disposing of it stops it. */
export interface ConnectorServer extends AsyncDisposable {
  readonly port: number;
}

/**
 * Starts a server as its users do. It reaches BigQuery by the environment alone, in the same way for each.
 *
 * @param bigquery address of BigQuery, and path of the key file that it gives tokens for
 * @param options of our plugin
 */
export async function startConnector(
  name: ConnectorName,
  context: SuiteContext,
  bigquery: { readonly endpoint: string; readonly keyFile: string },
  options: object = {},
): Promise<ConnectorServer> {
  const env = {
    BIGQUERY_EMULATOR_HOST: bigquery.endpoint,
    GOOGLE_APPLICATION_CREDENTIALS: bigquery.keyFile,
    FLYTE_SDK_LOGGING_LEVEL: "20",
  };
  const port = await freePort();
  if (name === "ours") {
    const app = { plugins: [pluginFolder("bigquery")], configuration: { config: { bigquery: options } } };
    return await startAgentServer({ name: `ours-${port}`, port, env, ...app }, context);
  }
  const bin = await connectorEnvironment(name, context);
  const flags = ["--port", String(port), "--prometheus_port", String(await freePort())];
  const { evidenceFolder, signal } = context;
  const running = await startProcess({
    name,
    command:
      name === "flytekit"
        ? [join(bin, "pyflyte"), "serve", "connector", ...flags, "--modules", "flytekitplugins.bigquery.connector"]
        : [join(bin, "c0"), ...flags, "--modules", "flyteplugins.bigquery.connector"],
    evidenceFolder,
    signal,
    ready: port,
    env,
  });
  return { port, [Symbol.asyncDispose]: () => running.stop() };
}

/** Installs a Python connector into the cache, if it is not there yet. @returns its folder of programs. */
export function connectorEnvironment(name: "flytekit" | "flyte-sdk", context: SuiteContext): Promise<string> {
  const requirementsFile = fileURLToPath(new URL(`../../bigquery/requirements-${name}.txt`, import.meta.url));
  return pythonEnvironment({ name: `bigquery-${name}`, requirementsFile }, context);
}
