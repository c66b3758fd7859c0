import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { goProgram } from "../go-program.ts";
import { pythonEnvironment } from "../python-environment.ts";
import type { RunningProcess } from "../start-process.ts";
import type { CaseRow, Suite, SuiteContext } from "../suite.ts";
import { allAtMost } from "./all-at-most.ts";
import { listExecutorCases, listPropellerCases, type PeerCase } from "./peer-cases.ts";
import { runCase } from "./run-case.ts";
import { startServer } from "./start-server.ts";

const interop = join(import.meta.dirname, "../..");

/** Most cases only wait for the next poll; at their start they are busy. */
const casesAtOnce = 12;

/**
 * FlytePropeller's own plugins, and the protocol of Flyte 2's executor, through whole lives of tasks. All cases run side by
 * side against one port.
 */
export const propellerSuite: Suite = {
  name: "propeller",
  needs: ["go", "python3.11"],
  async run(context) {
    const propeller = await goProgram({ folder: join(interop, "propeller") }, context);
    const requirementsFile = join(interop, "executor/requirements.txt");
    const python = join(await pythonEnvironment({ name: "executor", requirementsFile }, context), "python");
    const cases = [
      ...(await listPropellerCases(propeller, context)),
      ...(await listExecutorCases([python, join(interop, "executor/executor_client.py")], requirementsFile, context)),
    ];
    const storeFolder = join(context.evidenceFolder, "store");
    await mkdir(storeFolder, { recursive: true });
    const servers = {
      main: { name: "main", port: await freePort(), storeFolder },
      canary: { name: "canary", port: await freePort(), storeFolder },
    };
    await using _main = await startServer(servers.main, context);
    await using _canary = await startServer(servers.canary, context);

    const run = async (peerCase: PeerCase): Promise<CaseRow> => {
      const { row } = peerCase;
      const endpoint = servers.main.port;
      const common = { canary: servers.canary.port, storeFolder };
      if (!peerCase.needsOwnServer)
        return { ...row, result: await runCase(peerCase, { endpoint, ...common }, context) };
      await using server = await restartableServer(row.name.replaceAll(" ", "-"), storeFolder, context);
      const { restart } = server;
      return { ...row, result: await runCase(peerCase, { endpoint: server.port, ...common, restart }, context) };
    };
    const wanted = cases.filter(({ row }) => context.wants(row.name));
    await allAtMost(casesAtOnce, wanted, async (peerCase) => context.report(await run(peerCase)));
  },
};

/** A server that a case may restart. */
interface RestartableServer extends AsyncDisposable {
  readonly port: number;
  /** Ends the server, by its own leave or not, and starts it again on the same port. */
  restart(how: "restart" | "kill"): Promise<void>;
}

async function restartableServer(name: string, storeFolder: string, context: SuiteContext): Promise<RestartableServer> {
  const options = { name, port: await freePort(), storeFolder };
  let server: RunningProcess = await startServer(options, context);
  return {
    port: options.port,
    async restart(how) {
      if (how === "kill") server.kill("SIGKILL");
      await server.stop();
      server = await startServer(options, context);
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
