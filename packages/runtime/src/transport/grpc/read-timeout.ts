const unitMs: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** Node's timers end there, some 24 days; a longer one fires at once. A deadline that is further away is none. */
export const longestTimerMs: number = 2 ** 31 - 1;

/**
 * Reads `grpc-timeout`: up to eight digits and a unit.
 *
 * @returns milliseconds, `undefined` for no deadline.
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md
 */
export function readTimeoutMs(header: string | readonly string[] | undefined): number | undefined | "invalid" {
  if (header === undefined) return undefined;
  const [, amount, unit = ""] = /^(\d{1,8})([HMSmun])$/.exec(String(header)) ?? [];
  if (amount === undefined) return "invalid";
  const timeoutMs = Number(amount) * (unitMs[unit] ?? 0);
  return timeoutMs > longestTimerMs ? undefined : timeoutMs;
}
