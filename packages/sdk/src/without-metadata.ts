import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/literals";

/** A type as far as it says what a value is: without the metadata and annotations at any of its parts. */
export function withoutMetadata({ type, structure }: LiteralType): LiteralType {
  return create(flyteidl2.LiteralTypeSchema, {
    type: bareType(type),
    ...(structure === undefined ? {} : { structure: bareStructure(structure) }),
  });
}

function bareType(type: LiteralType["type"]): LiteralType["type"] {
  switch (type.case) {
    case "collectionType":
    case "mapValueType":
      return { case: type.case, value: withoutMetadata(type.value) };
    case "unionType":
      return { case: type.case, value: { ...type.value, variants: type.value.variants.map(withoutMetadata) } };
    case "structuredDatasetType":
      return { case: type.case, value: { ...type.value, columns: type.value.columns.map(bareColumn) } };
    default:
      return type;
  }
}

function bareColumn(column: Column): Column {
  return column.literalType === undefined ? column : { ...column, literalType: withoutMetadata(column.literalType) };
}

type Column = flyteidl2.StructuredDatasetType_DatasetColumn;

function bareStructure(structure: flyteidl2.TypeStructure): flyteidl2.TypeStructure {
  const fields = Object.entries(structure.dataclassType).map(([name, type]) => [name, withoutMetadata(type)] as const);
  return { ...structure, dataclassType: Object.fromEntries(fields) };
}
