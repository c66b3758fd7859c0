import { setTimeout as delay } from "node:timers/promises";
import {
  type AgentServer,
  assertNoConflicts,
  assertNoRejections,
  completePlan,
  createServerLog,
  type Plan,
  type ResolvedConfig,
  type RuntimeLog,
  startServer,
} from "@flyte-agent/runtime";
import { repeatFlags } from "../arguments/repeat-flags.ts";
import { networkWarnings } from "../network/network-warnings.ts";
import { assertModules } from "../plan/assert-modules.ts";
import { loadPlan, type PlanFlags } from "../plan/load-plan.ts";
import { provideSdk } from "../plan/provide-sdk.ts";
import { type ServedAgent, servedAgents, servedAt } from "../plan/served-agents.ts";
import { printServed } from "../print/served-table.ts";
import type { Terminal } from "../print/terminal.ts";
import { capturePrints } from "../process/capture-prints.ts";
import { exitCodes } from "../process/exit-codes.ts";
import { limitHeapGrowth } from "../process/limit-heap-growth.ts";
import { findScriptShell } from "../process/script-shell.ts";
import { type SignalWatch, type StopRequest, stopExitCode, watchSignals } from "../process/watch-signals.ts";
import { type StrayErrorWatch, watchStrayErrors } from "../process/watch-stray-errors.ts";

/** Flags of `serve`. */
export interface ServeFlags extends PlanFlags {
  /** `--timeout` */
  readonly timeoutMs: number | undefined;
  /** `--worker` */
  readonly worker: string | undefined;
}

/**
 * Serves until a signal or `--timeout` ends it. The log goes to standard output; what is said to people (the table,
 * what to type next) goes to standard error, and is left out where the configuration asks for a JSON log.
 */
export async function serve(flags: ServeFlags, terminal: Terminal): Promise<number> {
  limitHeapGrowth();
  const { config, plan } = await loadPlan(flags);
  provideSdk();
  assertModules(plan);
  assertNoConflicts(plan);
  if (config.plugins.onFailure === "abort") assertNoRejections(plan);
  let server: AgentServer | undefined;
  const serverLog = createServerLog(config.log, () => server?.metrics.logLineDropped());
  const { log } = serverLog;
  for (const warning of [...config.warnings, ...plan.warnings, ...networkWarnings(process, false)]) log.warn(warning);
  if (flags.worker !== undefined) log.warn("--worker has no effect: this server answers all calls in one thread");

  if (findScriptShell(process)?.runnerPid === 1) {
    log.warn(
      "npm (or Yarn) is process 1: SIGTERM kills the server with its open calls; start node_modules/.bin/flyte-agent instead",
    );
  }
  const signals = watchSignals();
  const endCaptures = capturePrints({ config, plan, serverLog });
  const strayErrors = watchStrayErrors({
    plan,
    log,
    onStray: (kind, plugin) => server?.metrics.strayError(kind, plugin),
  });
  const { timeoutMs } = flags;
  try {
    server = await startServer({ config, plan, log });
    return await untilStopped(server, { flags, config, plan, log, signals, strayErrors, terminal, timeoutMs });
  } finally {
    signals.end();
    strayErrors.end();
    endCaptures();
    await serverLog.flush(flushTimeoutMs);
  }
}

/** How long the end of the server waits for a reader of its log that stalls. */
const flushTimeoutMs = 2000;

interface Surroundings {
  readonly flags: PlanFlags;
  readonly config: ResolvedConfig;
  readonly plan: Plan;
  readonly log: RuntimeLog;
  readonly signals: SignalWatch;
  readonly strayErrors: StrayErrorWatch;
  readonly terminal: Terminal;
  readonly timeoutMs: number | undefined;
}

/** Why a server ends. */
type End =
  | { readonly kind: "signal"; readonly signal: StopRequest }
  | { readonly kind: "timeout" }
  | { readonly kind: "uncaught" }
  | { readonly kind: "failure"; readonly reason: unknown };

async function untilStopped(server: AgentServer, surroundings: Surroundings): Promise<number> {
  const { log, signals, strayErrors, timeoutMs } = surroundings;
  const over = new AbortController();
  announce(server, surroundings);
  const ends: Promise<End>[] = [
    signals.first.then((signal) => ({ kind: "signal", signal })),
    strayErrors.uncaught.then(() => ({ kind: "uncaught" })),
    // Settles only by failing: a server whose plugins have started goes on.
    server.pluginsStarted.then(
      () => pluginsReady(server, surroundings),
      (reason: unknown) => ({ kind: "failure", reason }),
    ),
  ];
  if (timeoutMs !== undefined) ends.push(delay(timeoutMs, { kind: "timeout" } as const, { signal: over.signal }));
  const end = await Promise.race(ends);
  if (end.kind !== "timeout") over.abort();

  if (end.kind === "failure") {
    await server.abort();
    throw end.reason;
  }
  const reason = reasonOf(end);
  const calls = server.openCallCount;
  log.info("stopping", { reason, open_calls: calls });
  if (!isMachineLog(surroundings)) {
    const open = calls === 1 ? "1 call is" : `${calls} calls are`;
    surroundings.terminal.err.line(`\nstopping (${reason}): ${open} open; a second signal ends at once`);
  }
  const hurry = await Promise.race([server.close().then(() => undefined), signals.second]);
  if (hurry === undefined) {
    log.info("stopped");
    return end.kind === "uncaught" ? exitCodes.failed : exitCodes.ok;
  }
  // Ends at once, even if a plugin does not let go of what it opened.
  await Promise.race([server.abort(), delay(1000)]);
  log.warn("ended by a second signal", { open_calls: server.openCallCount });
  return stopExitCode(hurry);
}

function reasonOf(end: Exclude<End, { readonly kind: "failure" }>): string {
  switch (end.kind) {
    case "signal":
      return end.signal;
    case "timeout":
      return "--timeout";
    case "uncaught":
      return "an error was not caught";
  }
}

// Calls are answered from now on; the table follows when the plugins are there.
function announce({ host, port, metricsPort, hosts }: AgentServer, { plan, log }: Surroundings): void {
  log.info("listening", {
    host,
    port,
    metrics_port: metricsPort,
    app_root: plan.appRoot,
    config_file: plan.configFile,
    loading: [...hosts.keys()],
  });
}

/** Shows what is served. Never settles, since it is no end of the server. */
function pluginsReady(server: AgentServer, surroundings: Surroundings): Promise<never> {
  const { flags: given, config, plan, log, terminal } = surroundings;
  const agents = servedAgents(server, plan);
  const isReady = ({ state }: ServedAgent): boolean => state === "ready";
  log.info("plugins started", {
    serving: agents.filter(isReady).map(({ taskType }) => taskType),
    not_serving: agents.filter((agent) => !isReady(agent)).map(({ taskType }) => taskType),
  });
  if (!isMachineLog(surroundings)) {
    const flags = repeatFlags(given, server.port);
    printServed(terminal.err, { agents, plan: completePlan(plan), flags, ...servedAt(server, config) });
  }
  return new Promise(() => {});
}

/** Where the operator asked for JSON, nothing else is printed. */
function isMachineLog({ config }: Surroundings): boolean {
  return config.log.format === "json";
}
