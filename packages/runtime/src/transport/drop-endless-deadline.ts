import type { IncomingHttpHeaders } from "node:http";

// Node's timers end there, some 24 days; a longer one fires at once.
const longestTimerMs = 2 ** 31 - 1;

const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/**
 * Forgets a deadline that is too far away for Node's timers, in which Connect keeps it: the call would end at once.
 *
 * @param headers of a gRPC (`grpc-timeout`) or Connect request (`connect-timeout-ms`).
 */
export function dropEndlessDeadline(headers: IncomingHttpHeaders): void {
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(String(headers["grpc-timeout"])) ?? [];
  if (Number(amount) * (unitMs[unit] ?? 0) > longestTimerMs) delete headers["grpc-timeout"];
  if (Number(headers["connect-timeout-ms"]) > longestTimerMs) delete headers["connect-timeout-ms"];
}
