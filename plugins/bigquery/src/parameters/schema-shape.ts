import type { DatetimeType } from "../options/datetime-type.ts";
import { choice, type ParameterShape, scalar } from "./parameter-shape.ts";

/** A JSON schema, or a part of one. */
export type Schema = Readonly<Record<string, unknown>>;

/** Longest chain of references that is followed. */
const maxReferences = 32;

/** Whether something is the JSON schema of an object: other types have constraints in the same place. */
export function isObjectSchema(schema: unknown): schema is Schema {
  return isSchema(schema) && ("properties" in schema || "$ref" in schema || "$defs" in schema);
}

/**
 * What a value with this JSON schema becomes. Schemas come from marshmallow (old flytekit), mashumaro (dataclasses) and
 * pydantic.
 *
 * @param root the whole schema, in which references are looked up.
 */
export function schemaShape(schema: Schema, root: Schema, datetimeType: DatetimeType): ParameterShape {
  const resolved = resolve(schema, root);
  const variants = listOf(resolved.anyOf ?? resolved.oneOf).filter(isSchema);
  if (variants.length > 0) {
    const others = variants.filter((variant) => resolve(variant, root).type !== "null");
    return choice(others.map((variant) => schemaShape(variant, root, datetimeType)));
  }
  const types = typesOf(resolved);
  return choice(types.map((type) => typeShape(type, resolved, root, datetimeType)));
}

function typeShape(type: unknown, schema: Schema, root: Schema, datetimeType: DatetimeType): ParameterShape {
  switch (type) {
    case "integer":
      return scalar("INT64");
    case "number":
      return scalar(numberTypes.get(String(schema.format)) ?? "FLOAT64");
    case "boolean":
      return scalar("BOOL");
    case "string":
      return scalar(
        schema.format === "date-time" ? datetimeType : (stringTypes.get(String(schema.format)) ?? "STRING"),
      );
    case "array": {
      const { items } = schema;
      if (!isSchema(items) || "prefixItems" in schema) return { kind: "json" };
      return { kind: "array", item: schemaShape(items, root, datetimeType) };
    }
    case "object": {
      const { properties } = schema;
      if (!isSchema(properties) || Object.keys(properties).length === 0) return { kind: "json" };
      return {
        kind: "struct",
        fields: () =>
          new Map(
            Object.entries(properties).map(([name, member]) => [
              name,
              isSchema(member) ? schemaShape(member, root, datetimeType) : { kind: "json" },
            ]),
          ),
      };
    }
    default:
      return { kind: "json" };
  }
}

const numberTypes: ReadonlyMap<string, string> = new Map([
  ["integer", "INT64"],
  ["time-delta", "INTERVAL"],
]);
const stringTypes: ReadonlyMap<string, string> = new Map([
  ["base64", "BYTES"],
  ["date", "DATE"],
  ["duration", "INTERVAL"],
  ["time", "TIME"],
]);

function typesOf({ type, enum: values, properties }: Schema): readonly unknown[] {
  if (type !== undefined) return listOf(type).filter((one) => one !== "null");
  if (properties !== undefined) return ["object"];
  return listOf(values).every((value) => typeof value === "string") && listOf(values).length > 0 ? ["string"] : [];
}

function resolve(schema: Schema, root: Schema): Schema {
  let current = schema;
  for (let steps = 0; steps < maxReferences; steps++) {
    const [only, ...more] = listOf(current.allOf);
    const reference = current.$ref;
    if (typeof reference === "string") current = lookUp(reference, root);
    else if (isSchema(only) && more.length === 0) current = only;
    else return current;
  }
  return {};
}

/** Follows `#/$defs/Name` or `#/definitions/Name`. */
function lookUp(reference: string, root: Schema): Schema {
  let found: unknown = root;
  for (const part of reference.split("/").slice(1)) {
    const key = decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~");
    found = isSchema(found) && Object.hasOwn(found, key) ? found[key] : undefined;
  }
  return isSchema(found) ? found : {};
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function isSchema(value: unknown): value is Schema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
