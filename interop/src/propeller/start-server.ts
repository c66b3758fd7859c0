import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningProcess, startProcess } from "../start-process.ts";
import type { SuiteContext } from "../suite.ts";

const repository = join(import.meta.dirname, "../../..");
const agents = join(import.meta.dirname, "scripted-agents");

/** Which server to start. */
export interface ServerOptions {
  /** Names its folder and log in the evidence; also its deployment, which the scripted agents tell. */
  readonly name: string;
  readonly port: number;
  /** Folder of the blob store that propeller uses. */
  readonly storeFolder: string;
  /** Paths without `.cert.pem` and `.key.pem`. @default no TLS */
  readonly tls?: string;
}

/** Starts `flyte-agent serve` with the scripted agents and our own plugins; the one called `canary` has one more agent. */
export async function startServer(
  { name, port, storeFolder, tls }: ServerOptions,
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<RunningProcess> {
  const appRoot = join(evidenceFolder, "servers", name);
  await mkdir(appRoot, { recursive: true });
  await writeFile(join(appRoot, "package.json"), JSON.stringify({ name: `interop-${name}`, private: true }));
  const plugins = [agents, ...["webhook", "sensor"].map((plugin) => join(repository, "plugins", plugin))];
  if (name === "canary") plugins.push(join(import.meta.dirname, "canary-agents"));
  const configuration = {
    plugins: { list: plugins },
    config: {
      "interop-scripted-agents": { deployment: name, storeFolder },
      webhook: { secrets: { token: ["127.0.0.1"] } },
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
    ready: /"plugins started"/,
    evidenceFolder: appRoot,
    signal,
  });
}
