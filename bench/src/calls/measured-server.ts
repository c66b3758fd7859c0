import type { RunningProcess } from "@flyte-agent/interop/start-process";

/** A server that is measured: each has the same trivial agent, whose jobs are always at work. */
export interface MeasuredServer {
  readonly name: string;
  /** The generation of Flyte that it is asked as. */
  readonly flyte: 1 | 2;
  /** Starts it on a port of 127.0.0.1, pinned to the core of the servers. Rejects if something is missing on this machine. */
  start(port: number, context: BenchContext): Promise<RunningProcess>;
}

/** What starting a server needs. */
export interface BenchContext {
  /** Folder that outlives runs: virtual environments. */
  readonly cacheFolder: string;
  /** Folder of this run: what the servers print. */
  readonly evidenceFolder: string;
  readonly signal: AbortSignal;
  progress(text: string): void;
}

/** The core that servers run on, and the one of the load generator. */
export const cores = { servers: "0", load: "1" } as const;
