import type { FlyteValue } from "@flyte-agent/sdk";

/** A value as YAML and JSON can hold it. */
export type PlainValue = null | boolean | number | bigint | string | PlainValue[] | { [key: string]: PlainValue };

/**
 * Makes a value of Flyte plain: moments and lengths of time become texts, bytes base64; files, tables and the other
 * tagged objects keep their members.
 */
export function plainValue(value: FlyteValue): PlainValue {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (isList(value)) return value.map(plainValue);
  if (value instanceof Map) return plainMap(value);
  // Instants and durations know their text.
  if ("epochNanoseconds" in value || "nanoseconds" in value) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plainValue(member)]));
}

/** JSON text; bigints and what is no number (`NaN`, `Infinity`) are written as text, as in the JSON of protobuf. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (isNoJson(member) ? String(member) : member), 2);
}

function isNoJson(value: unknown): boolean {
  return typeof value === "bigint" || (typeof value === "number" && !Number.isFinite(value));
}

function plainMap(map: ReadonlyMap<FlyteValue, FlyteValue>): PlainValue {
  const entries = [...map].map(([key, value]) => [plainValue(key), plainValue(value)] as const);
  if (entries.every(([key]) => typeof key !== "object" || key === null)) {
    return Object.fromEntries(entries.map(([key, value]) => [String(key), value]));
  }
  return entries.map(([key, value]) => [key, value]);
}

function isList(value: FlyteValue): value is readonly FlyteValue[] {
  return Array.isArray(value);
}
