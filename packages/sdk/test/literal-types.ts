import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "@flyte-agent/sdk";

type SimpleName = keyof typeof flyteidl2.SimpleType;

/** A simple type; `tag` is what flytekit writes on the variants of a union. */
export function simple(name: SimpleName, tag?: string): LiteralType {
  return make({ case: "simple", value: flyteidl2.SimpleType[name] }, tag);
}

export function listOf(member: LiteralType, tag?: string): LiteralType {
  return make({ case: "collectionType", value: member }, tag);
}

export function mapOf(member: LiteralType, tag?: string): LiteralType {
  return make({ case: "mapValueType", value: member }, tag);
}

export function unionOf(...variants: LiteralType[]): LiteralType {
  return make({ case: "unionType", value: create(flyteidl2.UnionTypeSchema, { variants }) });
}

export function enumOf(...values: string[]): LiteralType {
  return make({ case: "enumType", value: create(flyteidl2.EnumTypeSchema, { values }) }, "DefaultEnumTransformer");
}

export function blobOf(dimensionality: "SINGLE" | "MULTIPART", format = ""): LiteralType {
  const value = { format, dimensionality: flyteidl2.BlobType_BlobDimensionality[dimensionality] };
  return make({ case: "blob", value: create(flyteidl2.BlobTypeSchema, value) });
}

export function tableOf(format = ""): LiteralType {
  return make({ case: "structuredDatasetType", value: create(flyteidl2.StructuredDatasetTypeSchema, { format }) });
}

export const schemaType: LiteralType = make({ case: "schema", value: create(flyteidl2.SchemaTypeSchema) });

/** A STRUCT with a JSON schema, as dataclasses have it. */
export function structOf(metadata: Record<string, unknown>, tag?: string): LiteralType {
  return create(flyteidl2.LiteralTypeSchema, {
    type: { case: "simple", value: flyteidl2.SimpleType.STRUCT },
    // The schemas of these tests are JSON.
    metadata: metadata as NonNullable<LiteralType["metadata"]>,
    ...(tag === undefined ? {} : { structure: { tag } }),
  });
}

function make(type: LiteralType["type"], tag?: string): LiteralType {
  return create(flyteidl2.LiteralTypeSchema, { type, ...(tag === undefined ? {} : { structure: { tag } }) });
}
