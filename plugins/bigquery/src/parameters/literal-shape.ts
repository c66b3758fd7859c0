import { describeType, type LiteralType } from "@flyte-agent/sdk";
import type { DatetimeType } from "../options/datetime-type.ts";
import { choice, type ParameterShape, scalar } from "./parameter-shape.ts";
import { isObjectSchema, schemaShape } from "./schema-shape.ts";

/** What BigQuery calls Flyte's simple types, as far as it has them. */
const simpleTypes: Readonly<Record<string, string>> = {
  NONE: "STRING",
  INTEGER: "INT64",
  FLOAT: "FLOAT64",
  STRING: "STRING",
  BOOLEAN: "BOOL",
  DURATION: "INTERVAL",
  BINARY: "BYTES",
};

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
      return simpleShape(declared, datetimeType);
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
      return { kind: "none", what: `a ${describeType(declared)}` };
    case "schema":
    case "structuredDatasetType":
      return { kind: "none", what: "a table" };
    default:
      return { kind: "json" };
  }
}

function simpleShape(declared: LiteralType, datetimeType: DatetimeType): ParameterShape {
  const name = describeType(declared);
  if (name === "DATETIME") return scalar(datetimeType);
  if (name === "STRUCT") return structShape(declared, datetimeType);
  const type = simpleTypes[name];
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

function isNone(type: LiteralType): boolean {
  return describeType(type) === "NONE";
}

/** flyte-sdk declares everything that it pickles, `bytes` among others, with this tag; flytekit names the class. */
function isPickle({ structure, metadata, type }: LiteralType): boolean {
  const isPickledFile = type.case === "blob" && type.value.format === "PythonPickle";
  return isPickledFile || structure?.tag === "FlytePickle" || typeof metadata?.python_class_name === "string";
}
