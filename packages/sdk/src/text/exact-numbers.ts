// In Node since version 21; TypeScript's library does not have it yet.
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/**
 * A replacer for `JSON.stringify` that loses nothing of numbers: a bigint is written with all its digits, where
 * `JSON.stringify` throws, and negative zero as `-0.0`, as Python writes it, where `JSON.stringify` writes `0`. NaN and the
 * infinities still become null, since JSON does not have them.
 *
 * @example
 * ```ts
 * JSON.stringify({ rows: 2n ** 60n, change: -0 }, exactNumbers); // {"rows":1152921504606846976,"change":-0.0}
 * ```
 */
export function exactNumbers(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return rawJSON(String(value));
  return Object.is(value, -0) ? rawJSON("-0.0") : value;
}
