import { type DescEnum, type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { invalidTask } from "@flyte-agent/sdk";
import { nearestName, pathText } from "@flyte-agent/sdk/host";
import { isObject } from "./is-object.ts";

/** Keys and indexes that lead to a place in the description. */
export type DescriptionPath = readonly (string | number)[];

/**
 * Compares a description with the fields of a message. protobuf-es would refuse the same things, but without saying where
 * they stand and what was meant.
 *
 * @param moreKeys keys that are not fields of the message and allowed all the same.
 * @throws AgentError `invalid_task` naming the place, and what was expected or the nearest known name.
 */
export function checkTemplate(
  schema: DescMessage,
  value: unknown,
  path: DescriptionPath = [],
  moreKeys: readonly string[] = [],
): void {
  if (value === undefined || value === null) return;
  if (schema.typeName.startsWith("google.protobuf.")) {
    checkWellKnown(schema.typeName, value, path);
    return;
  }
  if (!isObject(value)) throw invalidTask(placeOf(path), `expected an object, got ${shown(value)}`);
  checkChoices(schema, value, path);
  const fields = new Map(
    schema.fields.flatMap(
      (field) =>
        [
          [field.jsonName, field],
          [field.name, field],
        ] as const,
    ),
  );
  for (const [key, member] of Object.entries(value)) {
    const field = fields.get(key);
    if (field !== undefined) checkField(field, member, [...path, key]);
    else if (!moreKeys.includes(key)) {
      throw invalidTask(
        placeOf([...path, key]),
        unknownName("key", key, [...schema.fields.map(jsonName), ...moreKeys]),
      );
    }
  }
}

/** Some of protobuf's own messages have a JSON form of their own; these are the ones in a task template. */
function checkWellKnown(typeName: string, value: unknown, path: DescriptionPath): void {
  if (typeName === "google.protobuf.Struct" && !isObject(value)) {
    throw invalidTask(placeOf(path), `expected an object, got ${shown(value)}`);
  }
  const isLength = typeof value === "string" && /^-?\d+(?:\.\d{1,9})?s$/.test(value);
  if (typeName === "google.protobuf.Duration" && !isLength) {
    throw invalidTask(placeOf(path), `expected a duration such as "90s", got ${shown(value)}`);
  }
}

function checkChoices(schema: DescMessage, value: Readonly<Record<string, unknown>>, path: DescriptionPath): void {
  for (const { fields } of schema.oneofs) {
    const given = fields.filter((field) => (value[field.jsonName] ?? value[field.name] ?? undefined) !== undefined);
    if (given.length > 1) {
      throw invalidTask(placeOf(path), `has ${given.map(jsonName).join(" and ")}, expected one of them`);
    }
  }
}

function checkField(field: DescField, value: unknown, path: DescriptionPath): void {
  if (value === undefined || value === null) return;
  switch (field.fieldKind) {
    case "message":
      checkTemplate(field.message, value, path);
      break;
    case "enum":
      checkEnum(field.enum, value, path);
      break;
    case "scalar":
      checkScalar(field.scalar, value, path);
      break;
    case "list":
      if (!Array.isArray(value)) throw invalidTask(placeOf(path), `expected a list, got ${shown(value)}`);
      for (const [index, item] of value.entries()) {
        if (field.listKind === "message") checkTemplate(field.message, item, [...path, index]);
        else if (field.listKind === "enum") checkEnum(field.enum, item, [...path, index]);
        else checkScalar(field.scalar, item, [...path, index]);
      }
      break;
    case "map":
      if (!isObject(value)) throw invalidTask(placeOf(path), `expected an object, got ${shown(value)}`);
      for (const [key, item] of Object.entries(value)) {
        if (field.mapKind === "message") checkTemplate(field.message, item, [...path, key]);
        else if (field.mapKind === "enum") checkEnum(field.enum, item, [...path, key]);
        else checkScalar(field.scalar, item, [...path, key]);
      }
      break;
  }
}

function checkEnum(schema: DescEnum, value: unknown, path: DescriptionPath): void {
  const names = schema.values.map(({ name }) => name);
  if (typeof value === "number" || (typeof value === "string" && names.includes(value))) return;
  throw invalidTask(
    placeOf(path),
    typeof value === "string" ? unknownName("value", value, names) : expected(names, value),
  );
}

// Numbers may come as text; whether they are too large is for protobuf-es to say.
function checkScalar(scalar: ScalarType, value: unknown, path: DescriptionPath): void {
  const wanted =
    scalar === ScalarType.STRING || scalar === ScalarType.BYTES
      ? "string"
      : scalar === ScalarType.BOOL
        ? "boolean"
        : undefined;
  if (wanted === undefined ? typeof value === "object" || typeof value === "boolean" : typeof value !== wanted) {
    throw invalidTask(placeOf(path), `expected ${kinds[wanted ?? "number"]}, got ${shown(value)}`);
  }
  const isFraction = scalar === ScalarType.FLOAT || scalar === ScalarType.DOUBLE;
  if (wanted === undefined && !isFraction && !/^-?\d+$/.test(String(value))) {
    throw invalidTask(placeOf(path), `expected a whole number, got ${shown(value)}`);
  }
}

const kinds = { string: "a string", boolean: "true or false", number: "a number" } as const;

function unknownName(what: "key" | "value", name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `: known are ${known.join(", ")}` : `, did you mean "${nearest}"?`;
  return what === "key" ? `is not a known key${hint}` : `"${name}" is not a known value${hint}`;
}

function expected(names: readonly string[], value: unknown): string {
  return `expected one of ${names.join(", ")}, got ${shown(value)}`;
}

function jsonName(field: DescField): string {
  return field.jsonName;
}

function placeOf(path: DescriptionPath): string {
  return path.length === 0 ? "the task" : pathText(path);
}

/** A value as errors show it: its kind, or what it is if that is short. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
