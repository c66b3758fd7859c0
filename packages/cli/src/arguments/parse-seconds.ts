import { usageError } from "./usage-error.ts";

// Longer timers of Node fire at once.
const longestSeconds = 2_000_000;

/** Makes milliseconds of the text of a flag in seconds. */
export function parseSeconds(text: string): number {
  const seconds = text.trim() === "" ? Number.NaN : Number(text);
  if (seconds > 0 && seconds <= longestSeconds) return seconds * 1000;
  throw usageError(`expected a number of seconds from above 0 to ${longestSeconds}`);
}
