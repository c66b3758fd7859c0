import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../harness/free-port.ts";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { type PythonEnvironment, pythonEnvironment } from "../harness/python-environment.ts";
import { startAgentServer } from "../harness/start-agent-server.ts";
import { startProcess } from "../harness/start-process.ts";
import type { SuiteContext } from "../harness/suite.ts";

/** The two servers that are compared. Disposing of it stops them. */
export interface Servers extends AsyncDisposable {
  readonly theirs: ServerPorts;
  readonly ours: ServerPorts;
  /** The vendor of all twins: one file for each job. */
  readonly vendorFolder: string;
}

/** Where a server listens on this machine. */
export interface ServerPorts {
  readonly port: number;
  readonly metricsPort: number;
}

/** A Python server: what to install, and its command, without ports and modules. */
export interface PythonServer extends PythonEnvironment {
  readonly command: readonly [program: string, ...args: string[]];
  /** The twin in `twins/python`. */
  readonly module: string;
}

/** Path of a file below `interop/`. */
export function interopPath(...parts: readonly string[]): string {
  return join(dirname(fileURLToPath(import.meta.url)), "../..", ...parts);
}

/** Starts a Python server and ours, each with its twin. */
export async function startServers(python: PythonServer, context: SuiteContext): Promise<Servers> {
  const bin = await pythonEnvironment(python, context);
  const vendorFolder = join(context.evidenceFolder, "vendor");
  await mkdir(vendorFolder, { recursive: true });
  const env = { TWIN_VENDOR_FOLDER: vendorFolder };
  await using started = new AsyncDisposableStack();
  const theirs = { port: await freePort(), metricsPort: await freePort() };
  const ours = { port: await freePort(), metricsPort: await freePort() };

  const [program, ...args] = python.command;
  const ports = ["--port", String(theirs.port), "--prometheus_port", String(theirs.metricsPort)];
  started.use(
    await startProcess({
      name: python.name,
      command: [join(bin, program), ...args, ...ports, "--modules", python.module],
      cwd: interopPath("twins/python"),
      env: { ...env, PYTHONPATH: interopPath("twins/python"), PYTHONDONTWRITEBYTECODE: "1" },
      evidenceFolder: context.evidenceFolder,
      signal: context.signal,
      ready: theirs.port,
    }),
  );
  const plugins = [pluginFolder("sensor"), interopPath("twins/plugin"), pluginFolder("webhook")];
  started.use(await startAgentServer({ name: "ours", plugins, env, ...ours }, context));
  const servers = started.move();
  return { theirs, ours, vendorFolder, [Symbol.asyncDispose]: () => servers.disposeAsync() };
}
