import { create, equals, fromBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { type Place, refusal } from "../place/place.ts";
import { recursionLimit } from "../plain/max-depth.ts";
import type { LiteralType } from "../types/literal-type.ts";
import type { SchemaColumn, SchemaValue, StructuredDatasetValue } from "../values/flyte-value.ts";
import { equalBytes } from "../wire/equal-bytes.ts";

/** What the literal of a table says of the table's type: its format, and what differs from the declared type. */
export interface TableType extends Pick<StructuredDatasetValue, "columns" | "externalSchema"> {
  readonly format: string;
}

/** {@link TableType} of the older kind of table. */
export type SchemaType = Pick<SchemaValue, "columns">;

/** A type that stood in literals before, and what was made of it. */
export interface KnownTableType<Type> {
  readonly bytes: Uint8Array;
  readonly declared: LiteralType | undefined;
  readonly type: Type;
}

/** Encoded literals, and the types of tables that stood in them so far. */
interface TableSource {
  readonly bytes: Uint8Array;
  readonly place: Place;
  readonly tableTypes: KnownTableType<TableType>[];
  readonly schemaTypes: KnownTableType<SchemaType>[];
}

/** Reads the `StructuredDatasetType` between two offsets. Lists of tables repeat it, so that it is decoded once. */
export function tableType(
  source: TableSource,
  start: number,
  end: number,
  declared: LiteralType | undefined,
): TableType {
  return remembered(source.tableTypes, source.bytes.subarray(start, end), declared, (bytes) => {
    const own = fromBinary(flyteidl2.StructuredDatasetTypeSchema, bytes, { recursionLimit });
    const expected = declared?.type.case === "structuredDatasetType" ? declared.type.value : undefined;
    const { columns, externalSchemaType, externalSchemaBytes } = own;
    const hasOwnSchema =
      externalSchemaType !== (expected?.externalSchemaType ?? "") ||
      !equalBytes(externalSchemaBytes, expected?.externalSchemaBytes ?? new Uint8Array());
    return {
      format: own.format,
      ...(hasSameColumns(columns, expected?.columns ?? [])
        ? {}
        : { columns: columns.map(({ name, literalType }) => ({ name, type: literalType ?? untyped() })) }),
      ...(hasOwnSchema ? { externalSchema: { type: externalSchemaType, bytes: externalSchemaBytes } } : {}),
    };
  });
}

/** Reads the `SchemaType` between two offsets. */
export function schemaType(
  source: TableSource,
  start: number,
  end: number,
  declared: LiteralType | undefined,
): SchemaType {
  return remembered(source.schemaTypes, source.bytes.subarray(start, end), declared, (bytes) => {
    const own = fromBinary(flyteidl2.SchemaTypeSchema, bytes);
    const expected = declared?.type.case === "schema" ? declared.type.value : create(flyteidl2.SchemaTypeSchema);
    if (equals(flyteidl2.SchemaTypeSchema, own, expected)) return {};
    return { columns: own.columns.map(({ name, type }) => ({ name, type: columnType(source, type) })) };
  });
}

function columnType(source: TableSource, type: number): SchemaColumn["type"] {
  const name = schemaColumnTypes.find((known) => columnTypes[known] === type);
  if (name === undefined) throw refusal(source.place, `a column of the unknown type ${type}`);
  return name;
}

const columnTypes = flyteidl2.SchemaType_SchemaColumn_SchemaColumnType;
const schemaColumnTypes = ["INTEGER", "FLOAT", "STRING", "BOOLEAN", "DATETIME", "DURATION"] as const;

function hasSameColumns(
  own: flyteidl2.StructuredDatasetType["columns"],
  expected: flyteidl2.StructuredDatasetType["columns"],
): boolean {
  const { StructuredDatasetType_DatasetColumnSchema: column } = flyteidl2;
  return (
    own.length === expected.length &&
    own.every((left, index) => {
      const right = expected[index];
      return right !== undefined && equals(column, left, right);
    })
  );
}

function untyped(): LiteralType {
  return create(flyteidl2.LiteralTypeSchema);
}

const rememberedTypes = 16;

function remembered<Type>(
  known: KnownTableType<Type>[],
  bytes: Uint8Array,
  declared: LiteralType | undefined,
  read: (bytes: Uint8Array) => Type,
): Type {
  const found = known.find((entry) => entry.declared === declared && equalBytes(entry.bytes, bytes));
  if (found !== undefined) return found.type;
  const type = read(bytes);
  if (known.length < rememberedTypes) known.push({ bytes, declared, type });
  return type;
}
