import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { cores } from "./measured-server.ts";

const run = promisify(execFile);

/** A load of equal calls. */
export interface Load {
  readonly port: number;
  readonly path: string;
  /** A file that holds one gRPC frame. */
  readonly requestFile: string;
  readonly calls: number;
  /** Concurrent streams of each of the eight connections. */
  readonly streams: number;
}

/** Sends a load with nghttp2's `h2load`, pinned to a core of its own. Rejects unless each call was answered with a status of 2xx. */
export async function sendLoad(
  { port, path, requestFile, calls, streams }: Load,
  signal: AbortSignal,
): Promise<number> {
  const headers = ["content-type: application/grpc", "te: trailers", "grpc-timeout: 10S"];
  const { stdout } = await run(
    "taskset",
    [
      ...["--cpu-list", cores.load, "h2load", "-n", String(calls), "-c", "8", "-m", String(streams), "-t", "1"],
      ...["-d", requestFile, ...headers.flatMap((header) => ["-H", header])],
      `http://127.0.0.1:${port}${path}`,
    ],
    { signal },
  );
  const [, succeeded] = /status codes: (\d+) 2xx/.exec(stdout) ?? [];
  if (Number(succeeded) !== calls) throw new Error(`h2load: not all of ${calls} calls were answered:\n${stdout}`);
  const [, rate] = /finished in .*?, ([\d.]+) req\/s/.exec(stdout) ?? [];
  return Number(rate);
}
