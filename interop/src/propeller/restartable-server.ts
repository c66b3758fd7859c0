import { join } from "node:path";
import { freePort } from "../harness/free-port.ts";
import type { AgentServer } from "../harness/start-agent-server.ts";
import type { SuiteContext } from "../harness/suite.ts";
import { type ServerOptions, startServer } from "./start-server.ts";

/** What may be asked of a server: to end by SIGTERM or by SIGKILL, and to start, also with the certificate that the case wrote. */
export type ServerAction = "stop" | "kill" | "start" | "start with TLS";

/** A server that a case may stop and start, always on the same port. */
export interface RestartableServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves when the server has ended, or is ready. */
  act(action: ServerAction): Promise<void>;
}

/** Starts a server on a free port. */
export async function restartableServer(
  setting: Omit<ServerOptions, "port" | "tls">,
  context: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<RestartableServer> {
  const port = await freePort();
  const options = { ...setting, port };
  const tls = join(setting.storeFolder, `tls-127.0.0.1-${port}`);
  let server: AgentServer = await startServer(options, context);
  return {
    port,
    async act(action) {
      switch (action) {
        case "stop":
          return await server.process.stop();
        case "kill":
          server.process.kill("SIGKILL");
          return await server.process.stop();
        case "start":
          server = await startServer(options, context);
          return;
        case "start with TLS":
          server = await startServer({ ...options, tls }, context);
      }
    },
    [Symbol.asyncDispose]: () => server.process.stop(),
  };
}
