import { join } from "node:path";
import { agentCommand } from "@flyte-agent/interop/agent-command";
import { makeAppRoot } from "@flyte-agent/interop/make-app-root";
import { pythonEnvironment } from "@flyte-agent/interop/python-environment";
import { startProcess } from "@flyte-agent/interop/start-process";
import { cores, type MeasuredServer } from "./measured-server.ts";

/** Our young generation, which the command gives itself: the other programs on Node get the same. */
const nodeFlags = ["--max-semi-space-size=2"] as const;

/** All that are measured; the first is the floor that the others are compared with. */
export const measuredServers: readonly MeasuredServer[] = [
  nodeProgram("bare node:http2", "bare.ts"),
  ours(),
  nodeProgram("@grpc/grpc-js", "grpc-js.ts"),
  nodeProgram("connect-node", "connect-node.ts"),
  pythonServer("flytekit 1.16.31", ["pyflyte", "serve", "connector"], "flytekit", 1),
  pythonServer("flyte-sdk 2.12.1", ["c0"], "flyte-sdk", 2),
];

function nodeProgram(name: string, file: string): MeasuredServer {
  const program = join(import.meta.dirname, "servers", file);
  return {
    name,
    flyte: 1,
    start: (port, context) =>
      startProcess({
        ...context,
        name: fileNameOf(name),
        command: pinned([process.execPath, ...nodeFlags, program, String(port)]),
        ready: port,
      }),
  };
}

function ours(): MeasuredServer {
  return {
    name: "flyte-agent",
    flyte: 1,
    async start(port, context) {
      const folder = join(context.evidenceFolder, "flyte-agent");
      await makeAppRoot(folder, { plugins: [join(import.meta.dirname, "agents/flyte-agent-bench")] });
      const flags = ["--host", "127.0.0.1", "--port", String(port), "--prometheus-port", "off", "--log-format", "json"];
      return await startProcess({
        ...context,
        name: "flyte-agent",
        cwd: folder,
        command: pinned(agentCommand("serve", ...flags)),
        ready: /"plugins started"/,
      });
    },
  };
}

function pythonServer(name: string, command: readonly string[], package_: string, flyte: 1 | 2): MeasuredServer {
  const folder = join(import.meta.dirname, "python");
  return {
    name,
    flyte,
    async start(port, context) {
      const requirementsFile = join(folder, `requirements-${package_}.txt`);
      const bin = await pythonEnvironment({ name: `bench-${package_}`, requirementsFile }, context);
      const [program = "", ...args] = command;
      const module = `${package_.replace("-", "_")}_bench`;
      const metricsPort = ["--prometheus_port", String(port + 1)];
      return await startProcess({
        ...context,
        name: fileNameOf(name),
        cwd: folder,
        command: pinned([join(bin, program), ...args, "--port", String(port), ...metricsPort, "--modules", module]),
        env: { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: "1" },
        ready: port,
      });
    },
  };
}

function pinned(command: readonly string[]): readonly [string, ...string[]] {
  return ["taskset", "--cpu-list", cores.servers, ...command];
}

function fileNameOf(name: string): string {
  return name.replaceAll(/[^\w.-]+/g, "-");
}
