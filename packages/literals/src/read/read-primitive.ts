import { refusal } from "../place/place.ts";
import { bareVariant } from "../types/bare-variant.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { type TypeKind, typeKind, typeName } from "../types/type-name.ts";
import { beyondLongest, duration, isDurationInRange } from "../values/duration.ts";
import type { FlyteValue } from "../values/flyte-value.ts";
import { instant, isInstantInRange, outsideYears } from "../values/instant.ts";
import { fieldEnd, finishMessage, readInt64, readString, readTag, skipField } from "../wire/wire-source.ts";
import type { LiteralSource } from "./literal-source.ts";

/** Reads `flyteidl.core.Primitive` from here to `end`, by its declared type. */
export function readPrimitive(source: LiteralSource, end: number, type: LiteralType | undefined): FlyteValue {
  const { reader } = source;
  let kind: TypeKind | undefined;
  let value: FlyteValue = null;
  while (reader.pos < end) {
    const tag = readTag(source);
    switch (tag) {
      case 0x08:
        kind = "INTEGER";
        value = readInt64(source);
        break;
      case 0x11:
        kind = "FLOAT";
        value = reader.double();
        break;
      case 0x1a:
        kind = "STRING";
        value = readString(source, end);
        break;
      case 0x20:
        kind = "BOOLEAN";
        value = reader.bool();
        break;
      case 0x2a:
        kind = "DATETIME";
        value = readTimestamp(source, fieldEnd(source, end));
        break;
      case 0x32:
        kind = "DURATION";
        value = readDuration(source, fieldEnd(source, end));
        break;
      default:
        skipField(source, tag);
    }
  }
  finishMessage(source, end);
  if (kind === undefined) throw refusal(source.place, "the literal has no value");
  return fitPrimitive(source, kind, value, type);
}

function fitPrimitive(
  source: LiteralSource,
  kind: TypeKind,
  value: FlyteValue,
  type: LiteralType | undefined,
): FlyteValue {
  const declared = typeKind(type);
  if (declared === kind || declared === "unknown") return kind === "INTEGER" ? integerOf(source, value) : value;
  if (declared === "INTEGER" && kind === "FLOAT" && typeof value === "number") {
    // The console sends the numbers of its form as floats.
    // Adding 0 makes a 0 of -0.
    if (isInt64(value)) return integerOf(source, Number.isSafeInteger(value) ? value + 0 : BigInt(value));
    throw refusal(
      source.place,
      `expected INTEGER, got a FLOAT ${Number.isInteger(value) ? "beyond 64 bits" : "with a fraction"}`,
    );
  }
  if (declared === "FLOAT" && kind === "INTEGER") return Number(value);
  if (declared === "enum" && kind === "STRING") return value;
  if (declared === "union" && type !== undefined) {
    const variant = bareVariant(source, type, kind);
    if (variant !== "none") return fitPrimitive(source, kind, value, variant);
  }
  throw refusal(source.place, `expected ${typeName(type)}, got ${kind}`);
}

/** Tells whether a float is a whole number of 64 bits. */
export function isInt64(value: number): boolean {
  return Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;
}

function integerOf(source: LiteralSource, value: FlyteValue): FlyteValue {
  return source.bigints && typeof value === "number" ? BigInt(value) : value;
}

function readTimestamp(source: LiteralSource, end: number): FlyteValue {
  const nanoseconds = readSecondsAndNanos(source, end);
  if (!isInstantInRange(nanoseconds)) throw refusal(source.place, outsideYears);
  return instant(nanoseconds);
}

function readDuration(source: LiteralSource, end: number): FlyteValue {
  const nanoseconds = readSecondsAndNanos(source, end);
  if (!isDurationInRange(nanoseconds)) throw refusal(source.place, beyondLongest);
  return duration(nanoseconds);
}

/** Both well-known types have seconds 1 and nanos 2; in a duration they have the same sign. */
function readSecondsAndNanos(source: LiteralSource, end: number): bigint {
  const { reader } = source;
  let seconds: number | bigint = 0;
  let nanos = 0;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x08) seconds = readInt64(source);
    else if (tag === 0x10) nanos = reader.int32();
    else skipField(source, tag);
  }
  finishMessage(source, end);
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}
