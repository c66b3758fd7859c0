import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "./literal-type.ts";

/** Flyte's types in words, where a type has to be made: `types.list(types.string)`. See {@link types}. */
export interface DeclaredTypes {
  /** Only `null`. */
  readonly none: LiteralType;
  /** 64 bits, signed. */
  readonly integer: LiteralType;
  /** A double; takes whole numbers too. */
  readonly float: LiteralType;
  /** Text in UTF-8. */
  readonly string: LiteralType;
  /** `true` or `false`. */
  readonly boolean: LiteralType;
  /** A point in time, to the nanosecond. */
  readonly datetime: LiteralType;
  /** A duration, to the nanosecond. */
  readonly duration: LiteralType;
  /** Bytes of some serializer, such as Python's pickle. */
  readonly binary: LiteralType;
  /** An object without a schema, such as Python's `dict`. */
  readonly struct: LiteralType;
  /** Items of one type. */
  list(member: LiteralType): LiteralType;
  /** Keys are strings. */
  map(member: LiteralType): LiteralType;
  /** One of several types; with `types.none` among them it may be left out. */
  union(...variants: readonly LiteralType[]): LiteralType;
  /** One of these strings. */
  enum(...values: readonly string[]): LiteralType;
  /** @param format for example `csv`; `""` takes every one. @default "" */
  file(format?: string): LiteralType;
  /** @param format as that of a file. @default "" */
  directory(format?: string): LiteralType;
  /** @param format for example `parquet`; `""` takes every one. @default "" */
  structuredDataset(format?: string): LiteralType;
}

/**
 * Flyte's types in words (`flyteidl.core.LiteralType`, which both generations share).
 *
 * ```ts
 * types.map(types.union(types.float, types.none)); // dict[str, float | None]
 * ```
 */
export const types: DeclaredTypes = {
  none: simple(flyteidl2.SimpleType.NONE),
  integer: simple(flyteidl2.SimpleType.INTEGER),
  float: simple(flyteidl2.SimpleType.FLOAT),
  string: simple(flyteidl2.SimpleType.STRING),
  boolean: simple(flyteidl2.SimpleType.BOOLEAN),
  datetime: simple(flyteidl2.SimpleType.DATETIME),
  duration: simple(flyteidl2.SimpleType.DURATION),
  binary: simple(flyteidl2.SimpleType.BINARY),
  struct: simple(flyteidl2.SimpleType.STRUCT),
  list: (member) => of({ case: "collectionType", value: member }),
  map: (member) => of({ case: "mapValueType", value: member }),
  union: (...variants) =>
    of({ case: "unionType", value: create(flyteidl2.UnionTypeSchema, { variants: [...variants] }) }),
  enum: (...values) => of({ case: "enumType", value: create(flyteidl2.EnumTypeSchema, { values: [...values] }) }),
  file: (format = "") => blob(format, flyteidl2.BlobType_BlobDimensionality.SINGLE),
  directory: (format = "") => blob(format, flyteidl2.BlobType_BlobDimensionality.MULTIPART),
  structuredDataset: (format = "") =>
    of({ case: "structuredDatasetType", value: create(flyteidl2.StructuredDatasetTypeSchema, { format }) }),
};

function simple(value: flyteidl2.SimpleType): LiteralType {
  return of({ case: "simple", value });
}

function blob(format: string, dimensionality: flyteidl2.BlobType_BlobDimensionality): LiteralType {
  return of({ case: "blob", value: create(flyteidl2.BlobTypeSchema, { format, dimensionality }) });
}

function of(type: LiteralType["type"]): LiteralType {
  return create(flyteidl2.LiteralTypeSchema, { type });
}
