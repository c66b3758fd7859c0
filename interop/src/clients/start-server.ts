import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { startProcess } from "../start-process.ts";
import type { SuiteContext } from "../suite.ts";

const repository = join(import.meta.dirname, "../../..");

/** A `flyte-agent serve` with our own plugins. Disposing of it stops it. */
export interface AgentServer extends AsyncDisposable {
  readonly port: number;
}

/** Starts a server on 127.0.0.1. */
export async function startServer(
  name: string,
  flags: readonly string[],
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<AgentServer> {
  const appRoot = join(evidenceFolder, name);
  await mkdir(appRoot, { recursive: true });
  await writeFile(join(appRoot, "package.json"), JSON.stringify({ private: true }));
  const list = ["sensor", "webhook"].map((plugin) => join(repository, "plugins", plugin));
  await writeFile(join(appRoot, "flyte-agent.config.json"), JSON.stringify({ plugins: { list } }));
  const port = await freePort();
  const address = ["--host", "127.0.0.1", "--port", String(port), "--prometheus-port", "off"];
  const server = await startProcess({
    name,
    command: [
      process.execPath,
      join(repository, "packages/cli/bin/flyte-agent.mjs"),
      "serve",
      ...address,
      "--log-format",
      "json",
      ...flags,
    ],
    cwd: appRoot,
    evidenceFolder,
    signal,
    ready: /"plugins started"/,
  });
  return { port, [Symbol.asyncDispose]: () => server.stop() };
}
