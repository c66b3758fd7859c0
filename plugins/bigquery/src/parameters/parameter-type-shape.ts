import type { JsonValue } from "@flyte-agent/sdk";
import { isJsonObject } from "./json-object.ts";
import { type ParameterShape, scalar } from "./parameter-shape.ts";

/** Other names of BigQuery's for its types. */
const aliases: Readonly<Record<string, string>> = {
  BOOLEAN: "BOOL",
  FLOAT: "FLOAT64",
  INTEGER: "INT64",
  RECORD: "STRUCT",
};

/**
 * What a type of BigQuery's (`QueryParameterType`) that a task names makes of an input.
 *
 * @returns `undefined` for what is no such type.
 */
export function parameterTypeShape(type: JsonValue | undefined): ParameterShape | undefined {
  if (!isJsonObject(type) || typeof type.type !== "string") return undefined;
  const upper = type.type.toUpperCase();
  const name = aliases[upper] ?? upper;
  if (name === "JSON") return { kind: "json" };
  if (name === "ARRAY") {
    const item = parameterTypeShape(type.arrayType);
    return item === undefined ? undefined : { kind: "array", item };
  }
  if (name !== "STRUCT") return scalar(name);
  const fields = fieldsOf(type.structTypes);
  return fields === undefined ? undefined : { kind: "struct", fields: () => fields };
}

function fieldsOf(structTypes: JsonValue | undefined): ReadonlyMap<string, ParameterShape> | undefined {
  if (!Array.isArray(structTypes)) return undefined;
  const fields = new Map<string, ParameterShape>();
  for (const field of structTypes) {
    const shape = isJsonObject(field) ? parameterTypeShape(field.type) : undefined;
    if (shape === undefined || typeof field.name !== "string") return undefined;
    fields.set(field.name, shape);
  }
  return fields;
}
