import type { AgentErrorCode } from "@flyte-agent/sdk";
import { Counter, Gauge, Registry } from "prom-client";
import type { Operation } from "../seam/agent-calls.ts";
import { createCallRecords } from "./call-records.ts";
import { addProcessMetrics } from "./process-metrics.ts";

/** What is measured. The first four have the names, types and labels of the Python servers. */
export interface Metrics {
  /** A call is being answered from now on. */
  callStarted(operation: Operation): void;
  /** @param errorCode HTTP-like number as the Python servers write it, `undefined` for success. */
  callEnded(call: MeasuredCall, seconds: number, errorCode: string | undefined): void;
  /** The size of a task's encoded inputs. */
  inputBytes(taskType: string, bytes: number): void;
  /** A request on a known method that never became a call. */
  requestRefused(method: string): void;
  /** A connection that was refused because too few file descriptors were left. */
  connectionRefused(): void;
  /** @param count asks for the connections that are open on the port of the agent services. */
  countConnections(count: () => number): void;
  /** A task that can never run, so that Flyte was told that it failed. */
  taskRefused(taskType: string, code: AgentErrorCode): void;
  /** A poll that was answered with the last known phase because the plugin or its vendor was in trouble. */
  phaseSubstituted(taskType: string): void;
  /** An error that nobody caught. @param pluginId whose it was, as far as that is known. */
  strayError(kind: StrayErrorKind, pluginId: string | undefined): void;
  /** A line of the log was lost, since standard output took no more. */
  logLineDropped(): void;
  /** Whether a plugin is loaded, and how long that took. */
  pluginState(pluginId: string, ready: boolean, importMs: number | undefined): void;
  /** All series in Prometheus' text format. */
  text(): Promise<string>;
  /** What {@link text} is, as an HTTP header. */
  readonly contentType: string;
}

/** An error that was thrown where nobody catches it, or a rejected promise that nobody waits for. */
export type StrayErrorKind = "exception" | "rejection";

/** The labels of a call. `taskType` must be one that is served, or `unknown`: callers cannot invent series. */
export interface MeasuredCall {
  readonly taskType: string;
  readonly operation: Operation;
}

/** Makes the metrics of one server, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const records = createCallRecords(registry);
  const refused = new Counter({
    name: "flyte_agent_refused_requests_total",
    help: "Requests on a known method that could not be read: malformed, too large, cut, or without what a call needs",
    labelNames: ["method"],
    registers,
  });
  let connectionCount = (): number => 0;
  new Gauge({
    name: "flyte_agent_connections",
    help: "Connections that are open on the port of the agent services",
    registers,
    collect() {
      this.set(connectionCount());
    },
  });
  const refusedConnections = new Counter({
    name: "flyte_agent_refused_connections_total",
    help: "Connections that were refused because too few file descriptors were left",
    registers,
  });
  const refusedTasks = new Counter({
    name: "flyte_agent_refused_tasks_total",
    help: "Tasks that can never run: Flyte was told that they failed",
    labelNames: ["task_type", "code"],
    registers,
  });
  const substituted = new Counter({
    name: "flyte_agent_substituted_phases_total",
    help: "Polls answered with the last known phase because the plugin or its vendor was in trouble",
    labelNames: ["task_type"],
    registers,
  });
  const strayErrors = new Counter({
    name: "flyte_agent_stray_errors_total",
    help: "Errors that nobody caught, and rejected promises that nobody waited for",
    labelNames: ["plugin", "kind"],
    registers,
  });
  const droppedLines = new Counter({
    name: "flyte_agent_dropped_log_lines_total",
    help: "Log lines that were lost, since standard output took no more",
    registers,
  });
  const pluginReady = new Gauge({
    name: "flyte_agent_plugin_ready",
    help: "1 if the plugin is loaded, 0 if it is not (yet)",
    labelNames: ["plugin"],
    registers,
  });
  const pluginImport = new Gauge({
    name: "flyte_agent_plugin_import_seconds",
    help: "Time that loading the plugin took",
    labelNames: ["plugin"],
    registers,
  });
  addProcessMetrics(registry);
  return {
    callStarted: records.started,
    callEnded: ({ taskType, operation }, seconds, errorCode) => records.ended(taskType, operation, seconds, errorCode),
    inputBytes: records.inputBytes,
    requestRefused: (method) => refused.inc({ method }),
    connectionRefused: () => refusedConnections.inc(),
    countConnections(count) {
      connectionCount = count;
    },
    taskRefused: (taskType, code) => refusedTasks.inc({ task_type: taskType, code }),
    phaseSubstituted: (taskType) => substituted.inc({ task_type: taskType }),
    strayError: (kind, pluginId) => strayErrors.inc({ plugin: pluginId ?? "unknown", kind }),
    logLineDropped: () => droppedLines.inc(),
    pluginState(plugin, ready, importMs) {
      pluginReady.set({ plugin }, ready ? 1 : 0);
      if (importMs !== undefined) pluginImport.set({ plugin }, importMs / 1000);
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
