import { isPlainObject } from "../plain/plain-object.ts";

/** A duration with nanoseconds: `google.protobuf.Duration`. Frozen. */
export interface Duration {
  /** The whole duration in nanoseconds; negative ones are allowed. */
  readonly nanoseconds: bigint;
  /** The same in seconds, as near as a number comes. */
  readonly seconds: number;
  /** Seconds with as many digits as needed and an `s`, for example `1.5s`. */
  toString(): string;
  /** The same as {@link toString}. */
  toJSON(): string;
}

const second = 1_000_000_000n;
/** What `google.protobuf.Duration` allows: 10,000 years either way. */
const longest = 315_576_000_000n * second;

class DurationValue implements Duration {
  readonly nanoseconds: bigint;
  readonly seconds: number;

  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
    // Dividing text rounds once; dividing a number would round the bigint first.
    this.seconds = Number(decimalSeconds(nanoseconds));
    Object.freeze(this);
  }

  toString(): string {
    return `${decimalSeconds(this.nanoseconds)}s`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** What {@link duration} takes: a duration by its parts, which are added up. */
export interface DurationParts {
  /** Days of 24 hours. @default 0 */
  readonly days?: number;
  /** @default 0 */
  readonly hours?: number;
  /** @default 0 */
  readonly minutes?: number;
  /** @default 0 */
  readonly seconds?: number;
  /** @default 0 */
  readonly milliseconds?: number;
  /** @default 0 */
  readonly microseconds?: number;
  /** @default 0 */
  readonly nanoseconds?: number | bigint;
}

/**
 * Makes a {@link Duration} from nanoseconds, from parts (`duration({ minutes: 5 })`), or from another duration
 * that an output accepts. A day has 24 hours; fractions of a nanosecond are rounded.
 *
 * @throws RangeError if it is not a duration, or above 10,000 years.
 *
 * @example
 * ```ts
 * duration({ minutes: 1, seconds: 30 }).nanoseconds; // 90_000_000_000n
 * ```
 */
export function duration(value: bigint | DurationParts | Duration): Duration {
  const nanoseconds = typeof value === "bigint" ? value : (durationNanosecondsOf(value) ?? plainNanoseconds(value));
  if (nanoseconds === undefined) throw new RangeError("not a duration: give parts, such as { seconds: 90 }");
  if (!isDurationInRange(nanoseconds)) throw new RangeError("longer than 10,000 years");
  return new DurationValue(nanoseconds);
}

/** What is wrong with a duration that {@link isDurationInRange} refuses. */
export const beyondLongest = "a DURATION longer than 10,000 years";

/** Whether `google.protobuf.Duration` can hold it. */
export function isDurationInRange(nanoseconds: bigint): boolean {
  return nanoseconds >= -longest && nanoseconds <= longest;
}

/**
 * Nanoseconds of a {@link Duration} of any copy of the SDK or of a `Temporal.Duration` without calendar units;
 * `undefined` for everything else. A bare number is not a duration: nobody can tell its unit.
 */
export function durationNanosecondsOf(value: unknown): bigint | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (!("nanoseconds" in value) || !("seconds" in value)) return undefined;
  // Temporal's parts are numbers; the tag says that they are all there.
  if (Object.prototype.toString.call(value) === "[object Temporal.Duration]") return addParts(value as DurationParts);
  // In a plain object they would be parts, to be added up.
  const { nanoseconds } = value;
  return typeof nanoseconds === "bigint" && !isPlainObject(value) ? nanoseconds : undefined;
}

/** What parts add up to; `undefined` if there is none, or something else beside them. */
function plainNanoseconds(parts: unknown): bigint | undefined {
  if (!isPlainObject(parts)) return undefined;
  const given = Object.entries(parts).filter(([, amount]) => amount !== undefined);
  return given.length > 0 && given.every(([name]) => Object.hasOwn(partNanoseconds, name))
    ? addParts(parts as DurationParts)
    : undefined;
}

const partNanoseconds: Readonly<Record<keyof DurationParts, bigint>> = {
  days: 86_400n * second,
  hours: 3_600n * second,
  minutes: 60n * second,
  seconds: second,
  milliseconds: 1_000_000n,
  microseconds: 1_000n,
  nanoseconds: 1n,
};

function addParts(parts: DurationParts & { years?: number; months?: number; weeks?: number }): bigint | undefined {
  if (parts.years || parts.months || parts.weeks) return undefined;
  let sum = 0n;
  for (const [part, unit] of Object.entries(partNanoseconds)) {
    // The keys of `partNanoseconds` are the parts.
    const amount = parts[part as keyof DurationParts];
    if (amount === undefined) continue;
    if (typeof amount === "bigint") sum += amount * unit;
    else if (typeof amount === "number" && Number.isFinite(amount)) sum += scale(amount, unit);
    else return undefined;
  }
  return sum;
}

/** `amount` times `unit`, rounded to the nearest whole one; exact for whole amounts. */
function scale(amount: number, unit: bigint): bigint {
  const whole = Math.trunc(amount);
  return BigInt(whole) * unit + BigInt(Math.round((amount - whole) * Number(unit)));
}

/** The text of a number of seconds with a bigint's exactness: `-1.5`. */
export function decimalSeconds(nanoseconds: bigint): string {
  const magnitude = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  const nanos = magnitude % second;
  const fraction = nanos === 0n ? "" : `.${nanos.toString().padStart(9, "0").replace(/0+$/, "")}`;
  return `${nanoseconds < 0n ? "-" : ""}${magnitude / second}${fraction}`;
}

const iso8601 =
  /^(-?)P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,9})\d*)?S)?)?$/;

const maxIsoLength = 100;

/**
 * Nanoseconds of an ISO 8601 duration as pydantic writes it (`PT1.5S`, `-P1DT2H`, `P1Y2DT1S`), for which a year has 365
 * days and a month 30; `undefined` if it is none.
 */
export function parseIsoDuration(text: string): bigint | undefined {
  // Digits by the million would be made a number before it is found to be too large.
  const match = text.length > maxIsoLength ? null : iso8601.exec(text);
  if (match === null || text.endsWith("P") || text.endsWith("T")) return undefined;
  const [, sign, years = "0", months = "0", weeks = "0", days = "0", ...clock] = match;
  const [hours = "0", minutes = "0", seconds = "0", fraction = ""] = clock;
  const allDays = BigInt(years) * 365n + BigInt(months) * 30n + BigInt(weeks) * 7n + BigInt(days);
  const whole = allDays * 86_400n + BigInt(hours) * 3_600n + BigInt(minutes) * 60n + BigInt(seconds);
  const nanoseconds = whole * second + BigInt(fraction.padEnd(9, "0"));
  return sign === "-" ? -nanoseconds : nanoseconds;
}
