import { readdirSync, readFileSync } from "node:fs";
import { Counter, Gauge, type Registry } from "prom-client";
import { descriptorLimit } from "../files/descriptor-limit.ts";

/**
 * Adds what every process tells Prometheus, under the names that its clients share, and which build it is. Nothing is looked
 * at before somebody asks.
 *
 * prom-client's own set is not used: it wakes the process a hundred times a second, to measure the event loop.
 *
 * @see https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics
 */
export function addProcessMetrics(registry: Registry): void {
  const registers = [registry];
  const counter = (name: string, help: string, value: () => number): void => {
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  };
  // A value that this system does not tell is left out.
  const gauge = (name: string, help: string, value: () => number | undefined): void => {
    new Gauge({
      ...{ name, help, registers },
      collect() {
        const now = value();
        if (now === undefined) this.remove();
        else this.set(now);
      },
    });
  };

  new Gauge({
    name: "flyte_agent_build_info",
    help: "1, with the versions of the server and of Node as labels",
    labelNames: ["version", "node"],
    registers,
  }).set({ version: runtimeVersion(), node: process.versions.node }, 1);
  counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds", () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  });
  gauge("process_resident_memory_bytes", "Resident memory size in bytes", () => process.memoryUsage.rss());
  gauge("process_virtual_memory_bytes", "Virtual memory size in bytes", virtualMemoryBytes);
  gauge("process_heap_bytes", "Process heap size in bytes: what V8 has taken for objects", () => {
    return process.memoryUsage().heapTotal;
  });
  gauge("process_open_fds", "Number of open file descriptors", openDescriptors);
  gauge("process_max_fds", "Maximum number of open file descriptors", descriptorLimit);
  gauge("process_start_time_seconds", "Start time of the process since unix epoch in seconds", () => startSeconds);
}

const startSeconds = Math.round(performance.timeOrigin) / 1000;

function virtualMemoryBytes(): number | undefined {
  try {
    const [, kibibytes] = /^VmSize:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    return undefined;
  }
}

function openDescriptors(): number | undefined {
  try {
    // One of them is the directory's own.
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return undefined;
  }
}

function runtimeVersion(): string {
  const packageFile = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(packageFile) as { readonly version: string }; // our own, which npm would not take without one
  return version;
}
