import { networkInterfaces } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { AgentError } from "@flyte-agent/sdk";
import type { ResolvedConfig } from "../config/resolved-config.ts";
import { packageCommands } from "../discovery/package-commands.ts";
import type { AgentHost } from "../host/agent-host.ts";
import { createPluginHost } from "../host/create-plugin-host.ts";
import type { RuntimeLog } from "../log/create-log.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { Plan } from "../plan/plan.ts";
import { withFix } from "../plan/with-fix.ts";
import type { AgentRegistry } from "../registry/registry.ts";
import { missingPackages } from "../stores/missing-packages.ts";
import { registerMethods } from "../transport/connect/register-methods.ts";
import type { PortListener } from "../transport/port-listener.ts";
import { createListener } from "./create-listener.ts";
import { createRuntime, type Runtime } from "./create-runtime.ts";
import { type MetricsServer, startMetricsServer } from "./metrics-server.ts";
import { type ServerTimings, serverTimings } from "./server-timings.ts";

/** What {@link startServer} needs. */
export interface ServerOptions {
  /** The whole configuration. */
  readonly config: ResolvedConfig;
  /** Complete and without conflicts: see `assertNoConflicts`. */
  readonly plan: Plan;
  /** Where the server writes what it does. */
  readonly log: RuntimeLog;
  /** Where secrets come from. @default process.env */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** For tests, which cannot wait for a minute. @default serverTimings */
  readonly timings?: Partial<ServerTimings>;
}

/** A server that listens. */
export interface AgentServer {
  /** The address that it listens on. */
  readonly host: string;
  /** The port that it listens on, also where 0 was asked for. */
  readonly port: number;
  /** `undefined` where metrics are off. */
  readonly metricsPort: number | undefined;
  /** Which agents it serves. */
  readonly registry: AgentRegistry;
  /** The host of each plugin, by plugin id. */
  readonly hosts: ReadonlyMap<string, AgentHost>;
  /** Settles when each plugin is ready or quarantined; rejects if one is quarantined and the configuration says abort. */
  readonly pluginsStarted: Promise<void>;
  /** Calls that are being answered. */
  readonly openCallCount: number;
  /** What Prometheus reads. */
  readonly metrics: Metrics;
  /**
   * Stops gracefully: says so to health checks, answers what is under way and what still arrives on open connections,
   * and ends when that is done or the drain time is over. Repeated calls share the work.
   */
  close(): Promise<void>;
  /** Stops at once: open calls are aborted and connections cut. */
  abort(): Promise<void>;
}

type ServerState =
  | { readonly kind: "serving" }
  /** No new connections; calls go on until they end or the drain time is over. */
  | { readonly kind: "draining"; readonly stopped: Promise<void>; readonly hurry: AbortController }
  | { readonly kind: "stopped" };

/**
 * Opens the ports, then imports the plugins. Listing, health and reflection answer from the plan from the first moment.
 *
 * @throws AgentError `port_unavailable`; `invalid_config` for TLS files that cannot be read.
 */
export async function startServer({
  config,
  plan,
  log,
  environment = process.env,
  timings: givenTimings,
}: ServerOptions): Promise<AgentServer> {
  const { server, inputs, limits } = config;
  const timings = { ...serverTimings, ...givenTimings };
  for (const name of missingPackages(inputs.offloaded.allow, environment)) {
    log.warn(`offloaded inputs cannot be read without a further package: ${packageCommands(plan.appRoot).add(name)}`);
  }
  const runtime = createRuntime({
    plan,
    inputs,
    limits,
    timings,
    log,
    createHost: (entry, onState) => createPluginHost(entry, { ...timings, config, log, environment, onState }),
  });
  const { metrics, methods } = runtime;
  const listener = createListener({
    ...{ server, timings, log },
    methods,
    routes: (router, encoding) => registerMethods(router, encoding, methods),
    onRefused: metrics.requestRefused,
    onConnectionRefused: metrics.connectionRefused,
  });
  metrics.countConnections(() => listener.connectionCount);
  const host = listenHost(server.host);
  const { port } = await listener.listen(server.port, host);
  const metricsServer = await openMetrics(runtime, listener, config, host);
  const pluginsStarted = startPlugins(runtime, config);
  // Whoever starts the server decides whether to wait for it; unheard, a failure must not end the process.
  pluginsStarted.catch(() => {});

  let state: ServerState = { kind: "serving" };

  function drain(): Promise<void> {
    if (state.kind === "stopped") return Promise.resolve();
    if (state.kind === "draining") return state.stopped;
    const hurry = new AbortController();
    const stopped = stop(hurry.signal);
    state = { kind: "draining", stopped, hurry };
    return stopped;
  }

  async function stop(hurry: AbortSignal): Promise<void> {
    const endMs = Date.now() + server.drainTimeoutMs;
    runtime.health.setServing(false);
    listener.refuseNewConnections();
    await runtime.closeWaiting();
    await until(() => false, Math.min(graceMs, server.drainTimeoutMs), hurry);
    const ended = listener.endConnections();
    await until(() => runtime.openCalls.count === 0, endMs - Date.now(), hurry);
    runtime.openCalls.abortAll();
    runtime.health.close();
    await withinOrCut(ended, listener, hurry.aborted ? 0 : 1000);
    metricsServer?.close();
    let isClosed = false;
    const closed = runtime.close().then(() => {
      isClosed = true;
    });
    // Plugins may take their time, but not when there is none.
    await until(() => isClosed, Number.POSITIVE_INFINITY, hurry);
    if (!hurry.aborted) await closed;
    state = { kind: "stopped" };
  }

  return {
    host,
    port,
    metricsPort: metricsServer?.port,
    registry: runtime.registry,
    hosts: runtime.hosts,
    pluginsStarted,
    metrics,
    get openCallCount() {
      return runtime.openCalls.count;
    },
    close: drain,
    async abort() {
      const stopped = drain();
      if (state.kind === "draining") state.hurry.abort();
      await stopped;
    },
  };
}

/** How long calls on open connections go on as before, so that whoever balances the load may notice first. */
const graceMs = 200;

async function until(isDone: () => boolean, timeoutMs: number, hurry: AbortSignal): Promise<void> {
  const endMs = Date.now() + timeoutMs;
  while (!hurry.aborted && !isDone() && Date.now() < endMs) await delay(10);
}

async function withinOrCut(ended: Promise<void>, listener: PortListener, timeoutMs: number): Promise<void> {
  const cut = setTimeout(() => listener.destroyConnections(), timeoutMs);
  try {
    await ended;
  } finally {
    clearTimeout(cut);
  }
}

async function openMetrics(
  runtime: Runtime,
  listener: PortListener,
  { server }: ResolvedConfig,
  host: string,
): Promise<MetricsServer | undefined> {
  if (server.prometheusPort === "off") return undefined;
  try {
    return await startMetricsServer(runtime.metrics, server.prometheusPort, host);
  } catch (reason) {
    listener.refuseNewConnections();
    await runtime.close();
    throw reason;
  }
}

async function startPlugins(runtime: Runtime, { plugins }: ResolvedConfig): Promise<void> {
  await runtime.startPlugins();
  if (plugins.onFailure !== "abort") return;
  for (const [id, { state }] of runtime.hosts) {
    if (state.kind !== "quarantined") continue;
    throw new AgentError(
      "plugin_unavailable",
      withFix(`plugin "${id}" could not be loaded: ${state.reason}`, state.fix),
    );
  }
}

// "::" takes IPv4 too, but a machine without IPv6 refuses it.
function listenHost(host: string): string {
  if (host !== "::") return host;
  const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ family }) => family === "IPv6"),
  );
  return hasIpv6 ? "::" : "0.0.0.0";
}
