import { flyteidl1 } from "@flyte-agent/idl";
import type { LiteralInit, TypeInit } from "./twin-task.ts";

const { SimpleType } = flyteidl1;

/** The declared types that the cases need. */
export const types = {
  none: simple(SimpleType.NONE),
  integer: simple(SimpleType.INTEGER),
  float: simple(SimpleType.FLOAT),
  string: simple(SimpleType.STRING),
  boolean: simple(SimpleType.BOOLEAN),
  datetime: simple(SimpleType.DATETIME),
  duration: simple(SimpleType.DURATION),
  struct: simple(SimpleType.STRUCT),
  table: { type: { case: "structuredDatasetType", value: {} } },
} as const satisfies Record<string, TypeInit>;

/** `SimpleType`, with the tag of a union's variant. */
export function simple(value: flyteidl1.SimpleType, tag?: string): TypeInit {
  return { type: { case: "simple", value }, ...(tag === undefined ? {} : { structure: { tag } }) };
}

/** A list of this type. */
export function listOf(item: TypeInit): TypeInit {
  return { type: { case: "collectionType", value: item } };
}

/** A map from texts to this type. */
export function mapOf(value: TypeInit): TypeInit {
  return { type: { case: "mapValueType", value } };
}

/** A union of these types. */
export function unionOf(...variants: readonly TypeInit[]): TypeInit {
  return { type: { case: "unionType", value: { variants: [...variants] } } };
}

/** An enum of these texts. */
export function enumOf(...values: readonly string[]): TypeInit {
  return { type: { case: "enumType", value: { values: [...values] } } };
}

/** A file (0) or a folder (1). */
export function blob(dimensionality: 0 | 1, format = ""): TypeInit {
  return { type: { case: "blob", value: { format, dimensionality } } };
}

/** A primitive as a literal. */
export function primitive(
  value:
    | { case: "integer"; value: bigint }
    | { case: "floatValue"; value: number }
    | { case: "stringValue"; value: string }
    | { case: "boolean"; value: boolean },
): LiteralInit {
  return { value: { case: "scalar", value: { value: { case: "primitive", value: { value } } } } };
}

/** A list as a literal. */
export function collection(...literals: readonly LiteralInit[]): LiteralInit {
  return { value: { case: "collection", value: { literals: [...literals] } } };
}
