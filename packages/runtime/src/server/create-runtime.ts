import { createOpenCalls, type OpenCalls } from "../calls/open-calls.ts";
import { toHosts } from "../calls/to-hosts.ts";
import { withCutOff } from "../calls/with-cut-off.ts";
import { withLastKnownPhase } from "../calls/with-last-known-phase.ts";
import { withLiteralLimit } from "../calls/with-literal-limit.ts";
import { withObservation } from "../calls/with-observation.ts";
import { withPackedAnswers } from "../calls/with-packed-answers.ts";
import { withRefusedTasks } from "../calls/with-refused-tasks.ts";
import { withSingleFlight } from "../calls/with-single-flight.ts";
import { withSyncJobs } from "../calls/with-sync-jobs.ts";
import type { InputsConfig, LimitsConfig } from "../config/resolved-config.ts";
import type { AgentHost, HostState } from "../host/agent-host.ts";
import type { RuntimeLog } from "../log/create-log.ts";
import { createMetrics, type Metrics } from "../metrics/create-metrics.ts";
import type { Plan } from "../plan/plan.ts";
import { type AgentRegistry, createRegistry } from "../registry/registry.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { createAgentService } from "../services/agent-service.ts";
import { flyte1Service } from "../services/flyte1-service.ts";
import { flyte2Service } from "../services/flyte2-service.ts";
import { createHealth, type Health } from "../services/health-service.ts";
import { createCallIds } from "../services/read-call.ts";
import { reflectionService } from "../services/reflection-service.ts";
import { runtimeService } from "../services/runtime-service.ts";
import type { ServiceMethod } from "../services/service-method.ts";
import type { ServerTimings } from "./server-timings.ts";

/** What {@link createRuntime} needs. */
export interface RuntimeOptions {
  /** Complete and without conflicts. */
  readonly plan: Plan;
  /** Makes the host of an accepted plugin. */
  readonly createHost: (entry: Plan["entries"][number], onState: (state: HostState) => void) => AgentHost;
  readonly inputs: Pick<InputsConfig, "maxLiterals">;
  readonly limits: LimitsConfig;
  readonly timings: Pick<ServerTimings, "receiveTimeoutMs">;
  readonly log: RuntimeLog;
}

/** Everything of a server but its port: agents, calls and services. */
export interface Runtime {
  readonly registry: AgentRegistry;
  /** The host of each accepted plugin, by plugin id. */
  readonly hosts: ReadonlyMap<string, AgentHost>;
  readonly openCalls: OpenCalls;
  readonly health: Health;
  readonly metrics: Metrics;
  /** The methods of all services. */
  readonly methods: readonly ServiceMethod[];
  /** Imports the plugins, a few at a time; settles when each is ready or quarantined. */
  startPlugins(): Promise<void>;
  /** Ends the plugins that nobody has begun to import, so that none is any more. Those under way go on. */
  closeWaiting(): Promise<void>;
  /** Lets the plugins close what they opened. */
  close(): Promise<void>;
}

/** How many plugins are imported at a time: imports keep the processor busy, and calls are answered meanwhile. */
const importsAtATime = 4;

/** Puts the parts together. No plugin code runs before {@link Runtime.startPlugins}. */
export function createRuntime({ plan, createHost, inputs, limits, timings, log }: RuntimeOptions): Runtime {
  const metrics = createMetrics();
  const health = createHealth();
  const openCalls = createOpenCalls();
  const hosts = new Map<string, AgentHost>();
  for (const entry of plan.entries) {
    if (entry.verdict.kind !== "accepted" || entry.manifest === undefined) continue;
    const { id } = entry.manifest;
    const onState = (state: HostState): void => {
      const isReady = state.kind === "ready";
      health.setPlugin(id, isReady);
      metrics.pluginState(id, isReady, isReady ? state.importMs : undefined);
    };
    onState({ kind: "waiting" });
    hosts.set(id, createHost(entry, onState));
  }
  const registry = createRegistry(plan, hosts);
  const { receiveTimeoutMs } = timings;
  const { maxAnswerBytes, maxTemplateBytes } = limits;
  const { maxLiterals } = inputs;
  const calls = layered(registry, { log, metrics, maxLiterals });
  const services = { calls, openCalls, newCallId: createCallIds(), maxAnswerBytes, maxTemplateBytes, receiveTimeoutMs };
  const flyte1 = createAgentService(1, services);
  const flyte2 = createAgentService(2, services);

  return {
    registry,
    hosts,
    openCalls,
    health,
    metrics,
    methods: [
      ...flyte1Service(flyte1, registry),
      ...flyte2Service(flyte2, registry),
      ...runtimeService(plan, hosts),
      ...reflectionService(),
      ...health.methods,
    ],
    startPlugins: () => startInTurn([...hosts.values()]),
    async closeWaiting() {
      const waiting = [...hosts.values()].filter(({ state }) => state.kind === "waiting");
      await Promise.all(waiting.map((host) => host.close()));
    },
    async close() {
      health.close();
      await Promise.all([...hosts.values()].map((host) => host.close()));
    },
  };
}

// The way of a call, from the outside in.
function layered(
  registry: AgentRegistry,
  { log, metrics, maxLiterals }: { log: RuntimeLog; metrics: Metrics; maxLiterals: number },
): AgentCalls {
  const asked = withRefusedTasks(withSyncJobs(toHosts(registry), registry), { registry, metrics, log });
  const jobs = withPackedAnswers(asked, registry);
  const timely = withCutOff(withSingleFlight(jobs, log), log);
  const polls = withLastKnownPhase(timely, { metrics, log });
  return withObservation(withLiteralLimit(polls, maxLiterals), { registry, metrics, log });
}

async function startInTurn(hosts: readonly AgentHost[]): Promise<void> {
  const waiting = [...hosts];
  const worker = async (): Promise<void> => {
    for (let host = waiting.shift(); host !== undefined; host = waiting.shift()) await host.start();
  };
  await Promise.all(Array.from({ length: importsAtATime }, worker));
}
