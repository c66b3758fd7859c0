import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { freePort } from "../harness/free-port.ts";
import type { AgentServer } from "../harness/start-agent-server.ts";
import type { SuiteContext } from "../harness/suite.ts";
import { type ServerOptions, startServer } from "../propeller/start-server.ts";

/** One of our servers behind one port, as a Deployment of Kubernetes with a Service before it. */
export interface Deployment extends AsyncDisposable {
  /** Connections to this port go to the newest server. */
  readonly port: number;
  /** Starts another server, sends new connections to that, and ends the old one (SIGTERM). */
  rollOver(): Promise<void>;
  /** Kills the server (SIGKILL), and starts another one. In between nobody listens. */
  killAndRestart(): Promise<void>;
}

/** Starts a server; the first is called `<name>-1` in the evidence. */
export async function startDeployment(
  setting: Omit<ServerOptions, "port" | "tls">,
  context: Pick<SuiteContext, "evidenceFolder" | "signal">,
): Promise<Deployment> {
  let started = 0;
  const start = async (): Promise<AgentServer> => {
    started += 1;
    const port = await freePort();
    return await startServer({ ...setting, name: `${setting.name}-${started}`, port }, context);
  };
  let newest = await start();
  const sockets = new Set<Socket>();
  const service = createServer((client) => {
    const server = connect(newest.port, "127.0.0.1");
    for (const socket of [client, server]) sockets.add(socket.once("close", () => sockets.delete(socket)));
    // A side that breaks off breaks off the other.
    void Promise.allSettled([pipeline(client, server), pipeline(server, client)]);
  }).listen(0, "127.0.0.1");
  await once(service, "listening");
  return {
    // A server on a host and port has an address of this kind.
    port: (service.address() as AddressInfo).port,
    async rollOver() {
      const old = newest;
      newest = await start();
      await old.process.stop();
    },
    async killAndRestart() {
      newest.process.kill("SIGKILL");
      await newest.process.ended;
      newest = await start();
    },
    async [Symbol.asyncDispose]() {
      await newest.process.stop();
      service.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
