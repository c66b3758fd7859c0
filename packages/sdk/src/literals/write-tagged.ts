import { toBinary } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { LiteralType } from "../task.ts";
import type { BlobValue, ErrorValue, OpaqueValue, SchemaValue, StructuredDatasetValue } from "./flyte-value.ts";
import type { LiteralTarget } from "./literal-target.ts";
import { refusal } from "./place.ts";
import { type TaggedValue, taggedOf } from "./tagged-value.ts";
import { wellFormed } from "./to-tree.ts";
import { type TypeKind, typeKind, typeName } from "./type-name.ts";
import { describeValue } from "./value-kind.ts";

const kinds: Readonly<Partial<Record<TypeKind, TaggedValue["kind"]>>> = {
  blob: "blob",
  schema: "schema",
  "structured dataset": "structured_dataset",
  ERROR: "error",
  BINARY: "opaque",
};

const builders: Readonly<Partial<Record<TypeKind, string>>> = {
  schema: 'schema("s3://…")',
  "structured dataset": 'structuredDataset("s3://…")',
};

/** Tells whether a tagged object is declared, or nothing is and the value is one. */
export function hasTagged(value: unknown, type: LiteralType | undefined): boolean {
  const kind = typeKind(type);
  return kind in kinds || (kind === "unknown" && taggedOf(value) !== undefined);
}

/** Writes the field `scalar` of a literal with a file, a table, an error or opaque bytes in it, its hash and metadata. */
export function writeTagged(target: LiteralTarget, value: unknown, type: LiteralType | undefined): void {
  const { writer } = target;
  const declared = kinds[typeKind(type)];
  const tagged = taggedOf(value) ?? plainTagged(value, declared);
  if (tagged === undefined || (declared !== undefined && tagged.kind !== declared)) throw mismatch(target, value, type);
  writer.uint32(0x0a).fork();
  switch (tagged.kind) {
    case "blob":
      writeBlob(target, tagged, type);
      break;
    case "structured_dataset":
      writeStructuredDataset(target, tagged, type);
      break;
    case "schema":
      writeSchema(target, tagged, type);
      break;
    case "error":
      writeError(target, tagged);
      break;
    case "opaque":
      writeOpaque(target, tagged);
  }
  writer.join();
  if ("hash" in tagged || "metadata" in tagged) writeDetails(target, tagged);
}

/** An object with the right `kind`, written by hand: it lost its brand, or never had one. */
function plainTagged(value: unknown, kind: TaggedValue["kind"] | undefined): TaggedValue | undefined {
  if (typeof value !== "object" || value === null || !("kind" in value) || value.kind !== kind) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const isText = (key: string): boolean => typeof members.get(key) === "string";
  const isWhole = {
    blob:
      isText("uri") && (members.get("dimensionality") === "single" || members.get("dimensionality") === "multipart"),
    structured_dataset: isText("uri"),
    schema: isText("uri"),
    error: isText("message"),
    opaque: members.get("bytes") instanceof Uint8Array,
  };
  if (kind === undefined || !isWhole[kind]) return undefined;
  // The members that cannot be left out were checked above; the others have a default.
  return { format: "", tag: "", failedNodeId: "", ...value } as unknown as TaggedValue;
}

function writeDetails(target: LiteralTarget, tagged: Pick<BlobValue, "hash" | "metadata">): void {
  const { writer, place } = target;
  writeText(target, 0x22, tagged.hash ?? "");
  for (const [key, text] of Object.entries(tagged.metadata ?? {})) {
    writer.uint32(0x2a).fork();
    writer.uint32(0x0a).string(wellFormed(place, key));
    writer.uint32(0x12).string(wellFormed(place, text));
    writer.join();
  }
}

/** Blob: metadata 1 { type 1 { format 1, dimensionality 2 } }, uri 3. */
function writeBlob(target: LiteralTarget, value: BlobValue, type: LiteralType | undefined): void {
  const { writer } = target;
  const declared = type?.type.case === "blob" ? type.type.value : undefined;
  const dimensionality = value.dimensionality === "multipart" ? 1 : 0;
  if (declared !== undefined && declared.dimensionality !== dimensionality) throw mismatch(target, value, type);
  // Readers compare the format with the declared one, so that "nothing said" must not contradict it.
  const format = value.format === "" ? (declared?.format ?? "") : value.format;
  writer.uint32(0x12).fork();
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).fork();
  writeText(target, 0x0a, format);
  if (dimensionality !== 0) writer.uint32(0x10).int32(dimensionality);
  writer.join();
  writer.join();
  writeText(target, 0x1a, value.uri);
  writer.join();
}

/** StructuredDataset: uri 1, metadata 2 { structured_dataset_type 1 }, which has the declared columns. */
function writeStructuredDataset(
  target: LiteralTarget,
  value: StructuredDatasetValue,
  type: LiteralType | undefined,
): void {
  const { writer } = target;
  const declared = type?.type.case === "structuredDatasetType" ? type.type.value : undefined;
  writer.uint32(0x42).fork();
  writeText(target, 0x0a, value.uri);
  writer.uint32(0x12).fork();
  writer.uint32(0x0a).fork();
  if (declared !== undefined) writer.raw(toBinary(flyteidl2.StructuredDatasetTypeSchema, { ...declared, format: "" }));
  writeText(target, 0x12, value.format);
  writer.join();
  writer.join();
  writer.join();
}

/** Schema: uri 1, type 3, which is the declared one. */
function writeSchema(target: LiteralTarget, value: SchemaValue, type: LiteralType | undefined): void {
  const { writer } = target;
  writer.uint32(0x22).fork();
  writeText(target, 0x0a, value.uri);
  if (type?.type.case === "schema") writer.uint32(0x1a).bytes(toBinary(flyteidl2.SchemaTypeSchema, type.type.value));
  writer.join();
}

function writeError(target: LiteralTarget, value: ErrorValue): void {
  const { writer } = target;
  writer.uint32(0x32).fork();
  writeText(target, 0x0a, value.failedNodeId);
  writeText(target, 0x12, value.message);
  writer.join();
}

function writeOpaque(target: LiteralTarget, value: OpaqueValue): void {
  const { writer } = target;
  writer.uint32(0x1a).fork();
  if (value.bytes.length > 0) writer.uint32(0x0a).bytes(value.bytes);
  writeText(target, 0x12, value.tag);
  writer.join();
}

/** Writes a string field; an empty one is left out, as protobuf's encoders do. */
function writeText(target: LiteralTarget, tag: number, text: string): void {
  if (text !== "") target.writer.uint32(tag).string(wellFormed(target.place, text));
}

function mismatch(target: LiteralTarget, value: unknown, type: LiteralType | undefined): Error {
  const name = typeName(type);
  const builder = name === "file" || name === "directory" ? `${name}("s3://…")` : builders[typeKind(type)];
  const hint = builder === undefined ? "" : `: give ${builder}`;
  return refusal(target.place, `expected ${name}, got ${describeValue(value)}${hint}`);
}
