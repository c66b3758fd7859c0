import { isMessage, toJson as messageToJson } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { FlyteValue, JsonValue } from "@flyte-agent/literals";
import {
  base64,
  durationNanosecondsOf,
  inheritsNothing,
  isBytes,
  isMap,
  itemsOf,
  maxDepth,
} from "@flyte-agent/literals/internal";

/**
 * A value as JSON holds it, for a vendor's API, a log or a file. `JSON.stringify` alone throws at a bigint and makes
 * objects of bytes. As in the JSON form of protobuf:
 *
 * a bigint is text in decimals, also a small one · NaN and the infinities are text · bytes are base64 · timestamps are
 * RFC 3339 (`2026-11-24T08:00:00Z`), durations seconds with an `s` (`1.5s`) · a Map is an object, or a list of
 * pairs if some key is neither text, number nor boolean, or two are the same as text · files, tables and pickles keep their members. Numbers, text,
 * booleans and null stay as they are; give `JSON.stringify` the replacer {@link exactNumbers} to keep the sign of -0.
 *
 * @throws RangeError for a value nested deeper than 200 levels.
 *
 * @example
 * ```ts
 * toJson({ rows: 2n ** 60n, at: instant("2026-11-24T08:00:00Z") }); // { rows: "1152921504606846976", at: "2026-11-24T08:00:00Z" }
 * ```
 */
export function toJson(value: FlyteValue): JsonValue {
  return convert(value, 0);
}

function convert(value: unknown, depth: number): JsonValue {
  if (depth > maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
  switch (typeof value) {
    case "bigint":
      return String(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "string":
    case "boolean":
      return value;
    default:
      return typeof value === "object" && value !== null ? convertObject(value, depth) : null;
  }
}

function convertObject(value: object, depth: number): JsonValue {
  if (isBytes(value)) return base64(value);
  // The type of a table's column.
  if (!inheritsNothing(value) && isMessage(value, flyteidl2.LiteralTypeSchema))
    return messageToJson(flyteidl2.LiteralTypeSchema, value);
  const items = itemsOf(value);
  if (items !== undefined) return items.map((item) => convert(item, depth + 1));
  if (isMap(value)) return convertMap(value, depth);
  // Timestamps and durations of any copy of the SDK know their text.
  if ("epochNanoseconds" in value || durationNanosecondsOf(value) !== undefined) return textOf(value, depth);
  return convertMembers(Object.entries(value), depth);
}

/** A plain object may have a member of the same name, and is no moment. */
function textOf(value: object, depth: number): JsonValue {
  return !inheritsNothing(value) && "toJSON" in value ? String(value) : convertMembers(Object.entries(value), depth);
}

function convertMap(map: ReadonlyMap<unknown, unknown>, depth: number): JsonValue {
  const entries = [...map];
  const members = entries.flatMap(([key, member]) => (typeof key === "object" ? [] : [[String(key), member] as const]));
  if (new Set(members.map(([key]) => key)).size === map.size) return convertMembers(members, depth);
  return entries.map(([key, member]) => [convert(key, depth + 1), convert(member, depth + 1)]);
}

function convertMembers(entries: readonly (readonly [string, unknown])[], depth: number): JsonValue {
  return Object.fromEntries(entries.map(([key, member]) => [key, convert(member, depth + 1)]));
}
