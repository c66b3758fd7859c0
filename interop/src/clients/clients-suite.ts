import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../harness/go-program.ts";
import { pluginFolder } from "../harness/plugin-folder.ts";
import { type ProgramEnd, runProgram } from "../harness/run-program.ts";
import { startAgentServer } from "../harness/start-agent-server.ts";
import type { Generation, Suite, SuiteContext } from "../harness/suite.ts";
import { tlsFlags } from "./tls-flags.ts";

/** What a case has to work with. */
interface Clients {
  /** Address of the server. */
  readonly clear: string;
  /** Address of one over TLS. */
  readonly tls: string;
  grpcurl(...args: readonly string[]): Promise<ProgramEnd>;
  probe(...args: readonly string[]): Promise<ProgramEnd>;
  ghz(...args: readonly string[]): Promise<ProgramEnd>;
}

interface ClientCase {
  readonly name: string;
  readonly client: keyof typeof programs;
  readonly generation: Generation;
  run(clients: Clients): Promise<void>;
}

const programs = {
  grpcurl: { package: "github.com/fullstorydev/grpcurl/cmd/grpcurl", version: "v1.9.4" },
  probe: { package: "github.com/grpc-ecosystem/grpc-health-probe", version: "v0.4.61" },
  ghz: { package: "github.com/bojand/ghz/cmd/ghz", version: "v0.93.0" },
} as const;

const services = [
  "flyteagent.runtime.v1.RuntimeService",
  "flyteidl.service.AgentMetadataService",
  "flyteidl.service.AsyncAgentService",
  "flyteidl.service.SyncAgentService",
  "flyteidl2.connector.AsyncConnectorService",
  "flyteidl2.connector.ConnectorMetadataService",
  "grpc.health.v1.Health",
  "grpc.reflection.v1.ServerReflection",
  "grpc.reflection.v1alpha.ServerReflection",
];

/** A job of flytekit's file sensor, as its server wrote it. */
const sensorJob = readFileSync(
  join(import.meta.dirname, "../../fixtures/flytekit-1.16.31/sensor-file/resource-meta.bin"),
).toString("base64");
const getSensor = JSON.stringify({ task_category: { name: "sensor" }, resource_meta: sensorJob });

const cases: readonly ClientCase[] = [
  {
    name: "grpcurl/list",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, clear }) {
      assert.deepEqual(linesOf(await grpcurl("-plaintext", clear, "list")), services);
    },
  },
  {
    name: "grpcurl/list over TLS",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, tls }) {
      assert.deepEqual(linesOf(await grpcurl("-insecure", tls, "list")), services);
    },
  },
  {
    name: "grpcurl/list by reflection v1alpha",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, clear }) {
      const method = "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
      const { stdout } = succeeded(await grpcurl("-plaintext", "-d", '{"list_services": ""}', clear, method));
      for (const service of services) assert.match(stdout, new RegExp(`"${service.replaceAll(".", "\\.")}"`));
    },
  },
  {
    name: "grpcurl/describe every service, and a message of each generation",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, clear }) {
      const { stdout } = succeeded(await grpcurl("-plaintext", clear, "describe"));
      for (const service of services) assert.ok(stdout.includes(`${service} is a service:`), `${service} in ${stdout}`);
      for (const message of ["flyteidl.admin.CreateTaskRequest", "flyteidl2.connector.CreateTaskRequest"]) {
        const text = succeeded(await grpcurl("-plaintext", "-msg-template", clear, "describe", message)).stdout;
        assert.match(text, /"template": \{[\s\S]*"securityContext": \{/);
      }
    },
  },
  {
    name: "grpcurl/ListAgents",
    client: "grpcurl",
    generation: "1",
    async run({ grpcurl, clear }) {
      const method = "flyteidl.service.AgentMetadataService/ListAgents";
      const { stdout } = succeeded(await grpcurl("-plaintext", clear, method));
      // grpcurl prints the JSON of the message that was asked for.
      const { agents } = JSON.parse(stdout) as { agents: { supportedTaskCategories: { name: string }[] }[] };
      const types = agents.flatMap(({ supportedTaskCategories }) => supportedTaskCategories.map(({ name }) => name));
      assert.deepEqual(types.sort(), ["sensor", "webhook"]);
    },
  },
  {
    name: "grpcurl/GetTask of a job",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, clear }) {
      for (const service of ["flyteidl.service.AsyncAgentService", "flyteidl2.connector.AsyncConnectorService"]) {
        const { stdout } = succeeded(await grpcurl("-plaintext", "-d", getSensor, clear, `${service}/GetTask`));
        assert.match(stdout, /"phase": "RUNNING"/);
      }
    },
  },
  {
    name: "grpcurl/authorities that are no address",
    client: "grpcurl",
    generation: "1 and 2",
    async run({ grpcurl, clear }) {
      for (const authority of [
        "10.0.0.1:8000,10.0.0.2:8000",
        "dns:agents",
        "xds:agents",
        "%2Fvar%2Frun%2Fagent.sock",
      ]) {
        assert.deepEqual(linesOf(await grpcurl("-plaintext", "-authority", authority, clear, "list")), services);
      }
    },
  },
  {
    name: "grpcurl/an error",
    client: "grpcurl",
    generation: "1",
    async run({ grpcurl, clear }) {
      const end = await grpcurl("-plaintext", "-d", "{}", clear, "flyteidl.service.AsyncAgentService/CreateTask");
      // grpcurl adds 64 to the code of the status.
      assert.equal(end.code, 64 + 3, end.stderr);
      assert.match(end.stderr, /Code: InvalidArgument\n\s*Message: the request has no task template/);
    },
  },
  {
    name: "grpc-health-probe/serving",
    client: "probe",
    generation: "-",
    async run({ probe, clear, tls }) {
      const agents = "flyteidl.service.AsyncAgentService";
      for (const args of [
        ["-addr", clear],
        ["-addr", clear, "-service", agents],
        ["-addr", tls, "-tls", "-tls-no-verify"],
      ]) {
        assert.match(succeeded(await probe(...args)).stderr, /status: SERVING/);
      }
    },
  },
  {
    name: "grpc-health-probe/unknown service",
    client: "probe",
    generation: "-",
    async run({ probe, clear }) {
      const end = await probe("-addr", clear, "-service", "no.such.Service");
      assert.equal(end.code, 3, end.stderr);
      assert.match(end.stderr, /NotFound/);
    },
  },
  {
    name: "ghz/4,000 polls over 4 connections",
    client: "ghz",
    generation: "1",
    async run({ ghz, clear }) {
      const load = ["--total", "4000", "--concurrency", "40", "--connections", "4"];
      const call = ["--insecure", "--call", "flyteidl.service.AsyncAgentService/GetTask", "--data", getSensor];
      const { stdout } = succeeded(await ghz(...load, ...call, "--format", "json", clear));
      // The form of ghz's JSON report.
      const { count, statusCodeDistribution } = JSON.parse(stdout) as {
        readonly count: number;
        readonly statusCodeDistribution: Readonly<Record<string, number>>;
      };
      assert.deepEqual({ count, statusCodeDistribution }, { count: 4000, statusCodeDistribution: { OK: 4000 } });
    },
  },
];

/** Generic gRPC clients, built with grpc-go, against `flyte-agent serve`. */
export const clientsSuite: Suite = {
  name: "clients",
  needs: ["go"],
  async run(context) {
    const wanted = cases.filter(({ name }) => context.wants(name));
    const plugins = [pluginFolder("sensor"), pluginFolder("webhook")];
    await using clear = await startAgentServer({ name: "server", plugins }, context);
    const flags = await tlsFlags(join(context.evidenceFolder, "tls"), context.signal);
    await using tls = await startAgentServer({ name: "tls-server", plugins, flags }, context);
    const clients: Clients = {
      clear: `127.0.0.1:${clear.port}`,
      tls: `127.0.0.1:${tls.port}`,
      grpcurl: clientOf("grpcurl", context),
      probe: clientOf("probe", context),
      ghz: clientOf("ghz", context),
    };
    for (const { name, client, generation, run } of wanted) {
      const { package: path, version } = programs[client];
      const peer = `${path.split("/").at(-1)} ${version.slice(1)}`;
      try {
        await run(clients);
        context.report({ name, generation, peer, result: { kind: "passed" } });
      } catch (error) {
        context.signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        context.report({ name, generation, peer, result: { kind: "failed", reason } });
      }
    }
  },
};

// Built when a case first wants it.
function clientOf(
  name: keyof typeof programs,
  context: SuiteContext,
): (...args: readonly string[]) => Promise<ProgramEnd> {
  const logFile = join(context.evidenceFolder, `${name}.log`);
  return async (...args) =>
    await runProgram([await goProgram(programs[name], context), ...args], { signal: context.signal, logFile });
}

function succeeded(end: ProgramEnd): ProgramEnd {
  assert.equal(end.code, 0, `${end.stdout}\n${end.stderr}`);
  return end;
}

function linesOf(end: ProgramEnd): readonly string[] {
  return succeeded(end).stdout.trimEnd().split("\n");
}
