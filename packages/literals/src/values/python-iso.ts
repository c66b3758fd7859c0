import { decimalSeconds } from "./duration.ts";
import { floorDivide } from "./instant.ts";

/**
 * A timestamp as Python's `datetime.isoformat()` writes it in UTC: `2026-11-24T08:00:00.000001+00:00`, cut to
 * microseconds, which is all that Python can hold.
 */
export function pythonIso(epochNanoseconds: bigint): string {
  const microseconds = floorDivide(epochNanoseconds, 1000n);
  const seconds = floorDivide(microseconds, 1_000_000n);
  const micros = Number(microseconds - seconds * 1_000_000n);
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}${micros === 0 ? "" : `.${String(micros).padStart(6, "0")}`}+00:00`;
}

/** A duration in seconds as Python's `timedelta.total_seconds()`: from microseconds. */
export function pythonSeconds(nanoseconds: bigint): number {
  // Python's Duration reader cuts towards zero.
  const microseconds = nanoseconds / 1000n;
  const number = Number(microseconds);
  // Dividing rounds once, as Python does, where the number is exact; text is read with one rounding, too.
  return Number.isSafeInteger(number) ? number / 1e6 : Number(decimalSeconds(microseconds * 1000n));
}
