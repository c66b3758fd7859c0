import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../free-port.ts";
import { pythonEnvironment } from "../python-environment.ts";
import { type RunningProcess, startProcess } from "../start-process.ts";
import type { SuiteContext } from "../suite.ts";
import { ourProject } from "./our-project.ts";

/** Who serves `bigquery_query_job_task`. */
export type ConnectorName = "flytekit" | "flyte-sdk" | "ours";

/** The Python connector of each generation of Flyte. */
export const pythonConnectors = { 1: "flytekit", 2: "flyte-sdk" } as const;

/** A server that runs. Disposing of it stops it. */
export interface ConnectorServer extends AsyncDisposable {
  readonly name: ConnectorName;
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
  const [port, metricsPort] = [await freePort(), await freePort()];
  const flags = ["--port", String(port), "--prometheus_port", String(metricsPort)];
  const { evidenceFolder, signal } = context;
  const running: RunningProcess = await startProcess({
    name,
    command: await commandOf(name, context, flags),
    evidenceFolder,
    signal,
    ready: port,
    readyTimeoutMs: 180_000,
    ...(name === "ours" ? { cwd: await ourProject(join(evidenceFolder, `project-${port}`), options) } : {}),
    env: {
      BIGQUERY_EMULATOR_HOST: bigquery.endpoint,
      GOOGLE_APPLICATION_CREDENTIALS: bigquery.keyFile,
      FLYTE_SDK_LOGGING_LEVEL: "20",
    },
  });
  return { name, port, [Symbol.asyncDispose]: () => running.stop() };
}

async function commandOf(
  name: ConnectorName,
  context: SuiteContext,
  flags: readonly string[],
): Promise<[string, ...string[]]> {
  switch (name) {
    case "flytekit": {
      const bin = await connectorEnvironment(name, context);
      return [join(bin, "pyflyte"), "serve", "connector", ...flags, "--modules", "flytekitplugins.bigquery.connector"];
    }
    case "flyte-sdk": {
      const bin = await connectorEnvironment(name, context);
      return [join(bin, "c0"), ...flags, "--modules", "flyteplugins.bigquery.connector"];
    }
    case "ours": {
      const program = fileURLToPath(new URL("../../../packages/cli/bin/flyte-agent.mjs", import.meta.url));
      return [process.execPath, program, "serve", ...flags.map((flag) => flag.replace("_", "-"))];
    }
  }
}

/** Installs a Python connector into the cache, if it is not there yet. @returns its folder of programs. */
export function connectorEnvironment(name: "flytekit" | "flyte-sdk", context: SuiteContext): Promise<string> {
  const requirementsFile = fileURLToPath(new URL(`../../bigquery/requirements-${name}.txt`, import.meta.url));
  return pythonEnvironment({ name: `bigquery-${name}`, requirementsFile }, context);
}
