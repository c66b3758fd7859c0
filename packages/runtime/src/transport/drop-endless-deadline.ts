import type { IncomingHttpHeaders } from "node:http";
import { longestTimerMs, readTimeoutMs } from "./grpc/read-timeout.ts";

/**
 * Forgets a deadline that is too far away for Node's timers, in which Connect keeps it: the call would end at once.
 *
 * @param headers of a gRPC (`grpc-timeout`) or Connect request (`connect-timeout-ms`).
 */
export function dropEndlessDeadline(headers: IncomingHttpHeaders): void {
  if (readTimeoutMs(headers["grpc-timeout"]) === undefined) delete headers["grpc-timeout"];
  if (Number(headers["connect-timeout-ms"]) > longestTimerMs) delete headers["connect-timeout-ms"];
}
