import { readdirSync, readFileSync } from "node:fs";

/** CPU time of a process and all its threads in milliseconds, user and system, as the scheduler counts it (Linux). */
export function cpuTimeMs(pid: number): number {
  const nanoseconds = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ", 1)[0]))
    .reduce((sum, time) => sum + time, 0);
  return nanoseconds / 1e6;
}

/** Resident memory of a process in MB (Linux). */
export function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return (Number(kilobytes) * 1024) / 1e6;
}
