import type { LiteralType } from "@flyte-agent/sdk";
import type { DatetimeType } from "../options/datetime-type.ts";
import { choice, type ParameterShape, scalar } from "./parameter-shape.ts";
import { isObjectSchema, schemaShape } from "./schema-shape.ts";

/** `flyteidl.core.SimpleType`, as far as BigQuery has types for them. */
const simpleTypes: Readonly<Record<number, string>> = {
  1: "INT64",
  2: "FLOAT64",
  3: "STRING",
  4: "BOOL",
  6: "INTERVAL",
  7: "BYTES",
};
const simpleNone = 0;
const simpleDatetime = 5;
const simpleStruct = 9;

/**
 * What an input of a declared type becomes.
 *
 * A structure gets its fields from `structure.dataclass_type` (flytekit), else from the JSON schema in `metadata` (all
 * that flyte-sdk writes); a dict without either becomes JSON.
 *
 * @param datetimeType for DATETIME, which Flyte also uses for dates.
 */
export function literalShape(declared: LiteralType, datetimeType: DatetimeType): ParameterShape {
  if (isPickle(declared)) return { kind: "none", what: "a Python pickle, which nobody but Python can read" };
  const { type } = declared;
  switch (type.case) {
    case "simple":
      return simpleShape(declared, type.value, datetimeType);
    case "enumType":
      return scalar("STRING");
    case "collectionType":
      return { kind: "array", item: literalShape(type.value, datetimeType) };
    case "mapValueType":
      return { kind: "json" };
    case "unionType":
      return choice(
        type.value.variants.filter((variant) => !isNone(variant)).map((variant) => literalShape(variant, datetimeType)),
      );
    case "blob":
      return { kind: "none", what: type.value.dimensionality === 0 ? "a file" : "a directory" };
    case "schema":
    case "structuredDatasetType":
      return { kind: "none", what: "a table" };
    default:
      return { kind: "json" };
  }
}

function simpleShape(declared: LiteralType, simple: number, datetimeType: DatetimeType): ParameterShape {
  if (simple === simpleDatetime) return scalar(datetimeType);
  if (simple === simpleNone) return scalar("STRING");
  if (simple === simpleStruct) return structShape(declared, datetimeType);
  const type = simpleTypes[simple];
  return type === undefined ? { kind: "none", what: "of a type that BigQuery does not have" } : scalar(type);
}

function structShape({ structure, metadata }: LiteralType, datetimeType: DatetimeType): ParameterShape {
  const fields = Object.entries(structure?.dataclassType ?? {});
  if (fields.length > 0) {
    return {
      kind: "struct",
      fields: () => new Map(fields.map(([name, type]) => [name, literalShape(type, datetimeType)])),
    };
  }
  return isObjectSchema(metadata) ? schemaShape(metadata, metadata, datetimeType) : { kind: "json" };
}

function isNone({ type }: LiteralType): boolean {
  return type.case === "simple" && type.value === simpleNone;
}

/** flyte-sdk declares everything that it pickles, `bytes` among others, with this tag; flytekit names the class. */
function isPickle({ structure, metadata, type }: LiteralType): boolean {
  const isPickledFile = type.case === "blob" && type.value.format === "PythonPickle";
  return isPickledFile || structure?.tag === "FlytePickle" || typeof metadata?.python_class_name === "string";
}
