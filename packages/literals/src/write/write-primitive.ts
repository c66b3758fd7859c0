import { refusal } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { listTexts, typeKind, typeName } from "../types/type-name.ts";
import { wellFormed } from "../values/checked-text.ts";
import { numberChoiceOf } from "../values/choice.ts";
import { beyondLongest, durationNanosecondsOf, isDurationInRange } from "../values/duration.ts";
import { epochNanosecondsOf, floorDivide, isInstantInRange, outsideYears } from "../values/instant.ts";
import { describeValue, isBytes, valueKind } from "../values/value-kind.ts";
import type { LiteralTarget } from "./literal-target.ts";

/** Writes the field `scalar` of a literal with a primitive, an enum's text or nothing at all in it. */
export function writePrimitive(target: LiteralTarget, value: unknown, type: LiteralType | undefined): void {
  const { writer } = target;
  const declared = typeKind(type);
  const kind = declared === "unknown" ? valueKind(value, target.bigints) : declared;
  writer.uint32(0x0a).fork();
  if (kind === "NONE") {
    if (value !== null) throw mismatch(target, value, type);
    writer.uint32(0x2a).uint32(0);
  } else {
    writer.uint32(0x0a).fork();
    writeContent(target, kind, value, type);
    writer.join();
  }
  writer.join();
}

function writeContent(
  target: LiteralTarget,
  kind: ReturnType<typeof typeKind>,
  value: unknown,
  type: LiteralType | undefined,
): void {
  const { writer, place } = target;
  switch (kind) {
    case "INTEGER":
      writer.uint32(0x08).int64(integerOf(target, value, type));
      return;
    case "FLOAT":
      writer.uint32(0x11).double(floatOf(target, value, type));
      return;
    case "STRING":
      if (typeof value !== "string") throw mismatch(target, value, type);
      writer.uint32(0x1a).string(wellFormed(place, value));
      return;
    case "enum": {
      const values = type?.type.case === "enumType" ? type.type.value.values : [];
      if (typeof value !== "string" || !values.includes(value)) throw mismatch(target, value, type);
      writer.uint32(0x1a).string(value);
      return;
    }
    case "BOOLEAN":
      if (typeof value !== "boolean") throw mismatch(target, value, type);
      writer.uint32(0x20).bool(value);
      return;
    case "DATETIME":
      writeTimestamp(target, value, type);
      return;
    case "DURATION":
      writeDuration(target, value, type);
      return;
    default:
      throw mismatch(target, value, type);
  }
}

function integerOf(target: LiteralTarget, value: unknown, type: LiteralType | undefined): number | bigint {
  const number = numberChoiceOf(value)?.value ?? value;
  if (typeof number === "bigint") {
    if (BigInt.asIntN(64, number) === number) return number;
    throw refusal(target.place, `expected INTEGER, got ${describeValue(value)}, which is beyond 64 bits`);
  }
  // Adding 0 makes a 0 of -0.
  if (Number.isSafeInteger(number)) return Number(number) + 0;
  if (Number.isInteger(number)) {
    throw refusal(target.place, `expected INTEGER, got ${describeValue(value)}, beyond 2^53: give a bigint`);
  }
  throw mismatch(target, value, type);
}

function floatOf(target: LiteralTarget, value: unknown, type: LiteralType | undefined): number {
  const number = numberChoiceOf(value)?.value ?? value;
  if (typeof number === "number") return number;
  if (typeof number !== "bigint") throw mismatch(target, value, type);
  const float = Number(number);
  if (Number.isFinite(float) && BigInt(float) === number) return float;
  throw refusal(target.place, `expected FLOAT, got ${describeValue(value)}, which a float cannot hold exactly`);
}

const second = 1_000_000_000n;

/** Nanos of a Timestamp are never negative. */
function writeTimestamp(target: LiteralTarget, value: unknown, type: LiteralType | undefined): void {
  const nanoseconds = typeof value === "bigint" ? undefined : epochNanosecondsOf(value);
  if (nanoseconds === undefined) {
    throw refusal(
      target.place,
      `expected ${nameOf(type, "DATETIME")}, got ${describeValue(value)}${datetimeHint(value)}`,
    );
  }
  if (!isInstantInRange(nanoseconds)) throw refusal(target.place, outsideYears);
  const seconds = floorDivide(nanoseconds, second);
  target.writer.uint32(0x2a).fork();
  writeSecondsAndNanos(target, seconds, Number(nanoseconds - seconds * second));
  target.writer.join();
}

function datetimeHint(value: unknown): string {
  if (typeof value === "number") return ": say the unit, new Date(milliseconds)";
  if (typeof value !== "string") return "";
  const hasNoOffset = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(value);
  return `: ${hasNoOffset ? "add the offset from UTC" : "write it"} as in 2026-11-24T08:00:00Z`;
}

/** Nanos of a Duration have the sign of its seconds. */
function writeDuration(target: LiteralTarget, value: unknown, type: LiteralType | undefined): void {
  const nanoseconds = durationNanosecondsOf(value);
  if (nanoseconds === undefined) {
    const hint =
      typeof value === "number"
        ? ": say the unit, duration({ seconds: 90 })"
        : ": give duration({ seconds: 90 }), or a Temporal.Duration without years, months and weeks";
    throw refusal(target.place, `expected ${nameOf(type, "DURATION")}, got ${describeValue(value)}${hint}`);
  }
  if (!isDurationInRange(nanoseconds)) throw refusal(target.place, beyondLongest);
  target.writer.uint32(0x32).fork();
  writeSecondsAndNanos(target, nanoseconds / second, Number(nanoseconds % second));
  target.writer.join();
}

function writeSecondsAndNanos(target: LiteralTarget, seconds: bigint, nanos: number): void {
  if (seconds !== 0n) target.writer.uint32(0x08).int64(seconds);
  if (nanos !== 0) target.writer.uint32(0x10).int32(nanos);
}

function nameOf(type: LiteralType | undefined, otherwise: string): string {
  return type === undefined ? otherwise : typeName(type);
}

function mismatch(target: LiteralTarget, value: unknown, type: LiteralType | undefined): Error {
  if (typeKind(type) === "unknown") {
    const hint = isBytes(value) ? ": bytes fit only into a structure" : "";
    return refusal(target.place, `no Flyte type holds ${describeValue(value)}${hint}`);
  }
  const declared = type?.type.case === "enumType" ? `one of ${listTexts(type.type.value.values)}` : typeName(type);
  return refusal(target.place, `expected ${declared}, got ${describeValue(value)}`);
}
