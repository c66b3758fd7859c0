import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../harness/free-port.ts";
import { goProgram } from "../harness/go-program.ts";
import { pythonEnvironment } from "../harness/python-environment.ts";
import type { CaseRow, Suite } from "../harness/suite.ts";
import { allAtMost } from "./all-at-most.ts";
import { listExecutorCases, listPropellerCases, type PeerCase, wantsAnyCase } from "./peer-cases.ts";
import { restartableServer } from "./restartable-server.ts";
import { runCase } from "./run-case.ts";
import { type ServerOptions, startServer } from "./start-server.ts";

const interop = join(import.meta.dirname, "../..");

const bothRow = {
  name: "both generations at once on one port",
  generation: "1 and 2",
  peer: "all of these clients",
} as const satisfies Omit<CaseRow, "result">;

/**
 * FlytePropeller's own plugins, and the protocol of Flyte 2's executor, through whole lives of tasks. The cases of both generations
 * run side by side against one port.
 */
export const propellerSuite: Suite = {
  name: "propeller",
  needs: ["go", "python3.11"],
  async run(context) {
    if (!wantsAnyCase(context) && !context.wants(bothRow.name)) return;
    const propeller = await goProgram({ folder: join(interop, "propeller") }, context);
    const requirementsFile = join(interop, "executor/requirements.txt");
    const python = join(await pythonEnvironment({ name: "executor", requirementsFile }, context), "python");
    const executor = [python, "-B", join(interop, "executor/executor_client.py")] as const;
    const cases = {
      flyte1: await listPropellerCases(propeller, context),
      flyte2: await listExecutorCases(executor, requirementsFile, context),
    };
    const storeFolder = join(context.evidenceFolder, "store");
    await mkdir(storeFolder, { recursive: true });
    const servers = {
      main: { name: "main", port: await freePort(), storeFolder },
      canary: {
        name: "canary",
        port: await freePort(),
        storeFolder,
        plugins: ["scripted-agents", "canary-agents", "webhook", "sensor"],
      } satisfies ServerOptions,
    };
    await using _main = await startServer(servers.main, context);
    await using _canary = await startServer(servers.canary, context);

    const run = async (peerCase: PeerCase): Promise<CaseRow> => {
      const { row } = peerCase;
      const common = { canary: servers.canary.port, storeFolder };
      if (!peerCase.needsOwnServer) {
        return { ...row, result: await runCase(peerCase, { ...common, endpoint: servers.main.port }, context) };
      }
      const name = row.name.replaceAll(/[^a-z0-9]+/g, "-");
      await using server = await restartableServer({ name, storeFolder }, context);
      return {
        ...row,
        result: await runCase(peerCase, { ...common, endpoint: server.port, act: server.act }, context),
      };
    };
    const runAll = (casesAtOnce: number, all: readonly PeerCase[]): Promise<void> => {
      const wanted = all.filter(({ row }) => context.wants(row.name));
      return allAtMost(casesAtOnce, wanted, async (peerCase) => context.report(await run(peerCase)));
    };
    const bothAtOnce = async (): Promise<void> => {
      if (!context.wants(bothRow.name)) return;
      const lives = [
        ...cases.flyte1.filter(({ row }) => row.name.endsWith("/success-with-inline-outputs")),
        ...cases.flyte2.filter(({ row }) => row.name.endsWith("/success")),
      ];
      const rows = await Promise.all(
        lives.map(({ row, ...rest }) => run({ ...rest, row: { ...row, name: `both at once, ${row.name}` } })),
      );
      const result = rows.find((row) => row.result.kind !== "passed")?.result ?? { kind: "passed" };
      context.report({ ...bothRow, result });
    };
    await Promise.all([runAll(10, cases.flyte1), runAll(4, cases.flyte2), bothAtOnce()]);
  },
};
