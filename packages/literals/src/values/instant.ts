/**
 * A timestamp with nanoseconds: `google.protobuf.Timestamp`. Frozen. `Temporal.Instant` has the same
 * `epochNanoseconds`, so that either can be given as an output.
 */
export interface Instant {
  /** Nanoseconds since 1970-01-01T00:00:00Z. */
  readonly epochNanoseconds: bigint;
  /** Cuts to milliseconds. */
  toDate(): Date;
  /** RFC 3339 in UTC with as many digits as needed, for example `2026-11-24T08:00:00.000000001Z`. */
  toString(): string;
  /** The same as {@link toString}. */
  toJSON(): string;
}

const second = 1_000_000_000n;
/** 0001-01-01T00:00:00Z */
const earliest = -62_135_596_800n * second;
/** 9999-12-31T23:59:59.999999999Z */
const latest = 253_402_300_800n * second - 1n;

class InstantValue implements Instant {
  readonly epochNanoseconds: bigint;

  constructor(epochNanoseconds: bigint) {
    this.epochNanoseconds = epochNanoseconds;
    Object.freeze(this);
  }

  toDate(): Date {
    return new Date(Number(floorDivide(this.epochNanoseconds, 1_000_000n)));
  }

  toString(): string {
    const seconds = floorDivide(this.epochNanoseconds, second);
    const nanos = this.epochNanoseconds - seconds * second;
    const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
    const fraction = nanos === 0n ? "" : `.${nanos.toString().padStart(9, "0").replace(/0+$/, "")}`;
    return `${date}${fraction}Z`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/**
 * Makes an {@link Instant}.
 *
 * @param value nanoseconds since 1970 as bigint, a Date, anything with `epochNanoseconds` (Temporal fits), or RFC 3339
 *   text with an offset.
 * @throws RangeError if it is not a timestamp, or outside the years 1 to 9999.
 *
 * @example
 * ```ts
 * instant("2026-11-24T08:00:00.000000001Z").epochNanoseconds;
 * ```
 */
export function instant(value: bigint | Date | string | { readonly epochNanoseconds: bigint }): Instant {
  const nanoseconds = epochNanosecondsOf(value);
  if (nanoseconds === undefined) throw new RangeError("not a timestamp: give a Date, or RFC 3339 text with an offset");
  if (nanoseconds < earliest || nanoseconds > latest) throw new RangeError("outside the years 1 to 9999");
  return new InstantValue(nanoseconds);
}

/** What is wrong with a timestamp that {@link isInstantInRange} refuses. */
export const outsideYears = "a DATETIME outside the years 1 to 9999";

/** Whether a timestamp lies in the years 1 to 9999, which Timestamp and Python can hold. */
export function isInstantInRange(epochNanoseconds: bigint): boolean {
  return epochNanoseconds >= earliest && epochNanoseconds <= latest;
}

/** Nanoseconds since 1970 of a Date, an instant of any kind, or RFC 3339 text; `undefined` for everything else. */
export function epochNanosecondsOf(value: unknown): bigint | undefined {
  if (typeof value === "bigint") return value;
  if (typeof value === "string") return parseRfc3339(value, undefined);
  if (typeof value !== "object" || value === null) return undefined;
  if ("epochNanoseconds" in value && typeof value.epochNanoseconds === "bigint") return value.epochNanoseconds;
  // A Date of another realm is no instance of ours, but has the same tag.
  if (Object.prototype.toString.call(value) === "[object Date]" && "getTime" in value) {
    const milliseconds = Number(value);
    return Number.isNaN(milliseconds) ? undefined : BigInt(milliseconds) * 1_000_000n;
  }
  return undefined;
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})0*)?)?(?:([Zz])|([+-])(\d\d):?(\d\d)(?::(\d\d))?)?)?$/;

/**
 * Nanoseconds since 1970 of an ISO 8601 text.
 *
 * @param offsetless what a string without offset means: `"utc"` as Python's writers do, or `undefined` to refuse it.
 */
export function parseRfc3339(text: string, offsetless: "utc" | undefined): bigint | undefined {
  const match = rfc3339.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour = "0", minute = "0", wholeSecond = "0", fraction = "", zulu, sign, ...offset] = match;
  if (zulu === undefined && sign === undefined && offsetless === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(wholeSecond) > 59) return undefined;
  const [offsetHours = "0", offsetMinutes = "0", offsetSeconds = "0"] = offset;
  if (Number(offsetHours) > 23 || Number(offsetMinutes) > 59 || Number(offsetSeconds) > 59) return undefined;
  const offsetTotal = Number(offsetHours) * 3600 + Number(offsetMinutes) * 60 + Number(offsetSeconds);
  const seconds = date.getTime() / 1000 + Number(hour) * 3600 + Number(minute) * 60 + Number(wholeSecond);
  const utc = sign === "-" ? seconds + offsetTotal : seconds - offsetTotal;
  return BigInt(utc) * second + BigInt(fraction.padEnd(9, "0"));
}

/** Division that rounds down, so that the remainder is never negative. */
export function floorDivide(value: bigint, divisor: bigint): bigint {
  const quotient = value / divisor;
  return value % divisor < 0n ? quotient - 1n : quotient;
}
