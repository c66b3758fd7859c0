import type { LiteralType } from "../task.ts";
import { fieldEnd, finishMessage, lengthDelimited, readString, readTag, skipField } from "../wire/wire-source.ts";
import { bareVariant } from "./bare-variant.ts";
import type { FlyteValue } from "./flyte-value.ts";
import type { LiteralSource } from "./literal-source.ts";
import { refusal } from "./place.ts";
import { directory, file, schema, structuredDataset, type TaggedDetails } from "./tagged-value.ts";
import { type TypeKind, typeKind, typeName } from "./type-name.ts";

const blobTag = lengthDelimited(2);
const schemaTag = lengthDelimited(4);

interface FileType {
  format: string;
  isMultipart: boolean;
}

/**
 * Reads `Blob`, `Schema` or `StructuredDataset` from here to `end`.
 *
 * @param tag the tag of the field of `Scalar` that holds it.
 */
export function readTagged(
  source: LiteralSource,
  tag: number,
  end: number,
  type: LiteralType | undefined,
  hash: string,
  metadata: Record<string, string> | undefined,
): FlyteValue {
  const kind: TypeKind = tag === blobTag ? "blob" : tag === schemaTag ? "schema" : "structured dataset";
  const declared = typeKind(type);
  const isMeant = declared === kind || declared === "unknown";
  const isVariant = declared === "union" && type !== undefined && bareVariant(type, kind) !== "none";
  if (!isMeant && !isVariant) throw refusal(source.place, `expected ${typeName(type)}, got ${kind}`);
  const found: FileType = { format: "", isMultipart: false };
  const uri = kind === "blob" ? readBlob(source, end, found) : readTable(source, end, found);
  const details: TaggedDetails = {
    format: found.format,
    ...(hash === "" ? {} : { hash }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  if (kind === "schema") return schema(uri, details);
  if (kind === "structured dataset") return structuredDataset(uri, details);
  return found.isMultipart ? directory(uri, details) : file(uri, details);
}

/** Blob: metadata 1 { type 1 { format 1, dimensionality 2 } }, uri 3. */
function readBlob(source: LiteralSource, end: number, found: FileType): string {
  let uri = "";
  eachField(source, end, (tag) => {
    if (tag === 0x1a) uri = readString(source, end);
    else if (tag === 0x0a) readNested(source, end, (stop) => readBlobType(source, stop, found));
    else skipField(source, tag);
  });
  return uri;
}

function readBlobType(source: LiteralSource, end: number, found: FileType): void {
  eachField(source, end, (tag) => {
    if (tag === 0x0a) found.format = readString(source, end);
    else if (tag === 0x10) found.isMultipart = source.reader.int32() === 1;
    else skipField(source, tag);
  });
}

/** StructuredDataset: uri 1, metadata 2 { structured_dataset_type 1 { format 2 } }. Schema: uri 1, type 3. */
function readTable(source: LiteralSource, end: number, found: FileType): string {
  let uri = "";
  eachField(source, end, (tag) => {
    if (tag === 0x0a) uri = readString(source, end);
    else if (tag === 0x12) readNested(source, end, (stop) => readTableType(source, stop, found));
    else skipField(source, tag);
  });
  return uri;
}

function readTableType(source: LiteralSource, end: number, found: FileType): void {
  eachField(source, end, (tag) => {
    if (tag === 0x12) found.format = readString(source, end);
    else skipField(source, tag);
  });
}

/** Reads a message whose field 1 is the message that is wanted. */
function readNested(source: LiteralSource, end: number, read: (end: number) => void): void {
  const stop = fieldEnd(source, end);
  eachField(source, stop, (tag) => {
    if (tag === 0x0a) read(fieldEnd(source, stop));
    else skipField(source, tag);
  });
}

function eachField(source: LiteralSource, end: number, read: (tag: number) => void): void {
  while (source.reader.pos < end) read(readTag(source));
  finishMessage(source, end);
}
