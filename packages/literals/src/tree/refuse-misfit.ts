import { type Place, refusal } from "../place/place.ts";
import type { JsonObject, JsonValue } from "../plain/json-value.ts";
import type { Alternative, StructShape } from "../types/struct-shape.ts";
import { listTexts, type TypeKind, typeKind } from "../types/type-name.ts";
import { numberChoiceOf } from "../values/choice.ts";
import { describeValue, isBytes } from "../values/value-kind.ts";

/**
 * Refuses a value where the schema has a string, a boolean, a number or an enum, and the value is none: Python would find
 * out when it reads the structure, in a task that comes later.
 *
 * None passes, which Python's classes may hold in any field.
 *
 * @throws LiteralError with what the schema expects.
 */
export function refuseMisfit(place: Place, value: unknown, kind: TypeKind, { alternatives }: StructShape): void {
  if (alternatives.length === 0 || kind === "NONE") return;
  // Files, tables and choices have no kind: what they become is checked where they are converted.
  if (kind === "unknown" && !isBytes(value)) return;
  if (alternatives.some((alternative) => takes(alternative, value, kind))) return;
  const expected = new Set(alternatives.map(scalarName));
  const hint = kind === "DATETIME" && expected.has("STRING") ? ": write it as the text that is meant" : "";
  throw refusal(place, `expected ${[...expected].join(" or ")}, got ${describeValue(value)}${hint}`);
}

function takes(alternative: Alternative, value: unknown, kind: TypeKind): boolean {
  if (scalarName(alternative) === undefined) return true;
  const { schema, type } = alternative;
  if (schema === undefined)
    return takesType(typeKind(type) === "INTEGER" ? "integer" : "number", undefined, value, kind);
  const types = typeNames(schema);
  const listed = listedValues(schema);
  if (listed === undefined) return types.some((name) => takesType(name, schema.format, value, kind));
  // Flyte 2 declares the values of an IntEnum, and writes its names.
  return listed.some((one) => isSame(value, one)) || (types.includes("integer") && kind === "STRING");
}

const scalarTypes: Readonly<Record<string, string>> = {
  string: "STRING",
  boolean: "BOOLEAN",
  integer: "INTEGER",
  number: "FLOAT",
  null: "NONE",
};

/**
 * What is expected, `undefined` if that is no scalar. What `structure.dataclass_type` says counts for numbers only: it is wrong
 * for sets, bytes, Any, dates and tuples.
 */
function scalarName({ schema, type }: Alternative): string | undefined {
  if (schema === undefined) {
    const declared = typeKind(type);
    return declared === "INTEGER" || declared === "FLOAT" ? declared : undefined;
  }
  const listed = listedValues(schema);
  if (listed !== undefined) return listed.length === 0 ? undefined : `one of ${listTexts(listed.map(String))}`;
  const names = typeNames(schema).map((type) => scalarTypes[type]);
  return names.length === 0 || names.includes(undefined) ? undefined : names.join(" or ");
}

function takesType(type: string, format: JsonValue | undefined, value: unknown, kind: TypeKind): boolean {
  switch (type) {
    case "string":
      if (kind === "DATETIME") return format === "date-time" || format === "date";
      return kind === "STRING" || isBytes(value) || (kind === "DURATION" && format === "duration");
    case "boolean":
      return kind === "BOOLEAN";
    case "integer":
    case "number":
      // A boolean is a number to Python, and pydantic writes what JSON has not as text.
      if (kind === "STRING") return value === "NaN" || value === "Infinity" || value === "-Infinity";
      return kind === "INTEGER" || kind === "FLOAT" || kind === "BOOLEAN" || (kind === "DURATION" && type === "number");
    default:
      return false;
  }
}

function listedValues(schema: JsonObject): readonly JsonValue[] | undefined {
  if (schema.const !== undefined) return [schema.const];
  return Array.isArray(schema.enum) ? schema.enum : undefined;
}

function typeNames({ type }: JsonObject): readonly string[] {
  const names: readonly unknown[] = Array.isArray(type) ? type : [type];
  return names.filter((name) => typeof name === "string");
}

/** Numbers of a schema come as floats, whatever they were. */
function isSame(value: unknown, listed: JsonValue): boolean {
  const plain = numberChoiceOf(value)?.value ?? value;
  return plain === listed || (typeof plain === "bigint" && typeof listed === "number" && Number(plain) === listed);
}
