import { join } from "node:path";
import { agentCommand } from "./agent-command.ts";
import { freePort } from "./free-port.ts";
import { type AppRootOptions, makeAppRoot } from "./make-app-root.ts";
import { type RunningProcess, startProcess } from "./start-process.ts";
import type { SuiteContext } from "./suite.ts";

/** How to start `flyte-agent serve`. */
export interface AgentServerOptions extends AppRootOptions {
  /** Names its folder in the evidence, `servers/<name>`: app root and output. */
  readonly name: string;
  /** @default a free one */
  readonly port?: number;
  /** @default no metrics */
  readonly metricsPort?: number;
  readonly flags?: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server of ours that runs. Disposing of it stops it. */
export interface AgentServer extends AsyncDisposable {
  readonly port: number;
  readonly process: RunningProcess;
}

/** Starts a server on 127.0.0.1 and waits until its plugins are loaded. */
export async function startAgentServer(
  { name, port: givenPort, metricsPort, flags = [], env = {}, ...app }: AgentServerOptions,
  { evidenceFolder, signal }: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<AgentServer> {
  const folder = join(evidenceFolder, "servers", name);
  await makeAppRoot(folder, app);
  const port = givenPort ?? (await freePort());
  const ports = ["--port", String(port), "--prometheus-port", String(metricsPort ?? "off")];
  const running = await startProcess({
    name,
    command: agentCommand("serve", "--host", "127.0.0.1", ...ports, "--log-format", "json", ...flags),
    cwd: folder,
    env,
    evidenceFolder: folder,
    signal,
    ready: /"plugins started"/,
  });
  return { port, process: running, [Symbol.asyncDispose]: () => running.stop() };
}
