import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import { fittingTagged, isPickle } from "../fit/fitting-tagged.ts";
import { refusal } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { type TypeKind, typeKind, typeName } from "../types/type-name.ts";
import { memberText, memberTexts } from "../values/checked-text.ts";
import type {
  BlobValue,
  ErrorValue,
  OpaqueFile,
  OpaqueValue,
  SchemaValue,
  StructuredDatasetValue,
} from "../values/flyte-value.ts";
import { isPickledDict, pickleFormat } from "../values/tagged-value.ts";
import { describeValue, isBytes } from "../values/value-kind.ts";
import type { LiteralTarget } from "./literal-target.ts";

/** Writes the field `scalar` of a literal with a file, a table, an error or a pickle in it, its hash and metadata. */
export function writeTagged(target: LiteralTarget, value: unknown, type: LiteralType | undefined): void {
  const { writer } = target;
  const tagged = fittingTagged(value, type);
  if (tagged === undefined) throw mismatch(target, value, type);
  writer.uint32(0x0a).fork();
  if ("opaque" in tagged) writeOpaque(target, tagged);
  else if (tagged.kind === "blob") writeBlob(target, tagged, type);
  else if (tagged.kind === "structured_dataset") writeStructuredDataset(target, tagged, type);
  else if (tagged.kind === "schema") writeSchema(target, tagged, type);
  else writeError(target, tagged);
  writer.join();
  if ("hash" in tagged || "metadata" in tagged) writeDetails(target, tagged);
}

function writeDetails(target: LiteralTarget, tagged: Pick<BlobValue, "hash" | "metadata">): void {
  const { writer } = target;
  const { hash = "", metadata = {} } = tagged;
  writeText(target, 0x22, hash, "hash");
  for (const [key, text] of memberTexts(target.place, metadata)) {
    writer.uint32(0x2a).fork();
    writer.uint32(0x0a).string(key);
    writer.uint32(0x12).string(text);
    writer.join();
  }
}

/** Blob: metadata 1 { type 1 { format 1, dimensionality 2 } }, uri 3. */
function writeBlob(target: LiteralTarget, value: BlobValue, type: LiteralType | undefined): void {
  const declared = type?.type.case === "blob" ? type.type.value : undefined;
  // Readers compare the format with the declared one, so that "nothing said" must not contradict it.
  const format = value.format === "" ? (declared?.format ?? "") : value.format;
  if (format === pickleFormat) throw notOpaque(target, value);
  writeBlobFields(target, value.uri, format, value.dimensionality === "multipart");
}

function writeBlobFields(target: LiteralTarget, uri: string, format: string, isMultipart: boolean): void {
  const { writer } = target;
  writer.uint32(0x12).fork();
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).fork();
  writeText(target, 0x0a, format, "format");
  if (isMultipart) writer.uint32(0x10).int32(1);
  writer.join();
  writer.join();
  writeText(target, 0x1a, uri, "uri");
  writer.join();
}

/** StructuredDataset: uri 1, metadata 2 { structured_dataset_type 1 }, which has the declared columns if none are given. */
function writeStructuredDataset(
  target: LiteralTarget,
  value: StructuredDatasetValue,
  type: LiteralType | undefined,
): void {
  const { writer } = target;
  writer.uint32(0x42).fork();
  writeText(target, 0x0a, value.uri, "uri");
  writer.uint32(0x12).fork();
  writer.uint32(0x0a).fork();
  writer.raw(encoded(target, "columns", () => datasetTypeBytes(value, type)));
  writeText(target, 0x12, value.format, "format");
  writer.join();
  writer.join();
  writer.join();
}

function datasetTypeBytes(value: StructuredDatasetValue, type: LiteralType | undefined): Uint8Array {
  const { columns, externalSchema } = value;
  const declared = type?.type.case === "structuredDatasetType" ? type.type.value : undefined;
  const message = create(flyteidl2.StructuredDatasetTypeSchema, {
    columns: columns?.map((column) => ({ name: nameOf(column), literalType: column.type })) ?? declared?.columns ?? [],
    externalSchemaType: externalSchema?.type ?? declared?.externalSchemaType ?? "",
    externalSchemaBytes: externalSchema?.bytes ?? declared?.externalSchemaBytes ?? new Uint8Array(),
  });
  return toBinary(flyteidl2.StructuredDatasetTypeSchema, message);
}

/** Schema: uri 1, type 3, which is the declared one if no columns are given. */
function writeSchema(target: LiteralTarget, value: SchemaValue, type: LiteralType | undefined): void {
  const { writer } = target;
  writer.uint32(0x22).fork();
  writeText(target, 0x0a, value.uri, "uri");
  const bytes = encoded(target, "columns", () => schemaTypeBytes(value, type));
  if (bytes !== undefined) writer.uint32(0x1a).bytes(bytes);
  writer.join();
}

function schemaTypeBytes(value: SchemaValue, type: LiteralType | undefined): Uint8Array | undefined {
  const columnTypes = flyteidl2.SchemaType_SchemaColumn_SchemaColumnType;
  const columns = value.columns?.map((column) => ({ name: nameOf(column), type: columnTypes[column.type] }));
  if (columns !== undefined) {
    return toBinary(flyteidl2.SchemaTypeSchema, create(flyteidl2.SchemaTypeSchema, { columns }));
  }
  return type?.type.case === "schema" ? toBinary(flyteidl2.SchemaTypeSchema, type.type.value) : undefined;
}

function nameOf({ name }: { readonly name: unknown }): string {
  if (typeof name === "string") return name;
  throw new TypeError("a column without name");
}

/** Encodes a part that an author may have made wrong, which protobuf-es then finds. */
function encoded<Bytes>(target: LiteralTarget, member: string, encode: () => Bytes): Bytes {
  try {
    return encode();
  } catch {
    throw refusal(target.place, `its ${member} cannot be written: expected a list of { name, type }`);
  }
}

function writeError(target: LiteralTarget, value: ErrorValue): void {
  const { writer } = target;
  writer.uint32(0x32).fork();
  writeText(target, 0x0a, value.failedNodeId, "failedNodeId");
  writeText(target, 0x12, value.message, "message");
  writer.join();
}

function writeOpaque(target: LiteralTarget, value: OpaqueValue): void {
  const { writer } = target;
  if ("bytes" in value) {
    writer.uint32(0x1a).fork();
    if (isBytes(value.bytes) && value.bytes.length > 0) writer.uint32(0x0a).bytes(value.bytes);
    writeText(target, 0x12, value.tag ?? "", "tag");
    writer.join();
  } else if (isPickledDict(value)) writePickledDict(target, value);
  else writeBlobFields(target, value.uri, pickleFormat, false);
}

/** Scalar.generic 7 { fields 1 { key 1, value 2 { string_value 3 } } }. */
function writePickledDict(target: LiteralTarget, value: OpaqueFile): void {
  const { writer } = target;
  writer.uint32(0x3a).fork();
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).string("pickle_file");
  writer.uint32(0x12).fork();
  writer.uint32(0x1a).string(memberText(target.place, value.uri, "uri"));
  writer.join();
  writer.join();
  writer.join();
}

/** Writes a string field; an empty one is left out, as protobuf's encoders do. */
function writeText(target: LiteralTarget, tag: number, text: unknown, member: string): void {
  const written = memberText(target.place, text, member);
  if (written !== "") target.writer.uint32(tag).string(written);
}

const builders: Readonly<Partial<Record<TypeKind, string>>> = {
  schema: 'schema("s3://…")',
  "structured dataset": 'structuredDataset("s3://…")',
};

function mismatch(target: LiteralTarget, value: unknown, type: LiteralType | undefined): Error {
  if (typeKind(type) === "BINARY" || isPickle(type)) return notOpaque(target, value);
  const name = typeName(type);
  const builder = name === "file" || name === "directory" ? `${name}("s3://…")` : builders[typeKind(type)];
  const hint = builder === undefined ? "" : `: give ${builder}`;
  return refusal(target.place, `expected ${name}, got ${describeValue(value)}${hint}`);
}

function notOpaque(target: LiteralTarget, value: unknown): Error {
  const hint = "a pickle can only be handed on as it came in an input";
  return refusal(target.place, `expected an opaque value, got ${describeValue(value)}: ${hint}`);
}
