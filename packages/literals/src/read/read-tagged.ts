import { refusal } from "../place/place.ts";
import { bareVariant } from "../types/bare-variant.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { type TypeKind, typeKind, typeName } from "../types/type-name.ts";
import type { FlyteValue } from "../values/flyte-value.ts";
import {
  directory,
  file,
  opaqueFile,
  pickleFormat,
  schema,
  structuredDataset,
  type TaggedDetails,
} from "../values/tagged-value.ts";
import { fieldEnd, finishMessage, lengthDelimited, readString, readTag, skipField } from "../wire/wire-source.ts";
import type { LiteralSource } from "./literal-source.ts";
import { schemaType, tableType } from "./table-type.ts";

const blobTag = lengthDelimited(2);
const schemaTag = lengthDelimited(4);

/**
 * Reads `Blob`, `Schema` or `StructuredDataset` from here to `end`.
 *
 * @param tag the tag of the field of `Scalar` that holds it.
 * @param details hash and metadata of the literal.
 */
export function readTagged(
  source: LiteralSource,
  tag: number,
  end: number,
  type: LiteralType | undefined,
  details: Pick<TaggedDetails, "hash" | "metadata">,
): FlyteValue {
  const kind: TypeKind = tag === blobTag ? "blob" : tag === schemaTag ? "schema" : "structured dataset";
  const declared = meantType(source, type, kind);
  if (kind === "blob") return readBlob(source, end, details);
  return kind === "schema" ? readSchema(source, end, declared, details) : readTable(source, end, declared, details);
}

/** The declared type if it is of this kind, or the variant of a union that is. */
function meantType(source: LiteralSource, type: LiteralType | undefined, kind: TypeKind): LiteralType | undefined {
  const declared = typeKind(type);
  if (declared === kind || declared === "unknown") return type;
  const variant = declared === "union" && type !== undefined ? bareVariant(source, type, kind) : "none";
  if (variant === "none") throw refusal(source.place, `expected ${typeName(type)}, got ${kind}`);
  return variant;
}

/** Blob: metadata 1 { type 1 { format 1, dimensionality 2 } }, uri 3. */
function readBlob(source: LiteralSource, end: number, details: TaggedDetails): FlyteValue {
  let uri = "";
  let format = "";
  let isMultipart = false;
  eachField(source, end, (tag) => {
    if (tag === 0x1a) uri = readString(source, end);
    else if (tag === 0x0a) {
      const span = nestedSpan(source, end);
      if (span === undefined) return;
      const next = source.reader.pos;
      source.reader.pos = span.start;
      eachField(source, span.end, (field) => {
        if (field === 0x0a) format = readString(source, span.end);
        else if (field === 0x10) isMultipart = source.reader.int32() === 1;
        else skipField(source, field);
      });
      source.reader.pos = next;
    } else skipField(source, tag);
  });
  if (format === pickleFormat) return opaqueFile(uri, details);
  return isMultipart ? directory(uri, { ...details, format }) : file(uri, { ...details, format });
}

/** Schema: uri 1, type 3. */
function readSchema(
  source: LiteralSource,
  end: number,
  declared: LiteralType | undefined,
  details: TaggedDetails,
): FlyteValue {
  let uri = "";
  let type = schemaType(source, end, end, declared);
  eachField(source, end, (tag) => {
    if (tag === 0x0a) uri = readString(source, end);
    else if (tag === 0x1a) {
      const stop = fieldEnd(source, end);
      type = schemaType(source, source.reader.pos, stop, declared);
      source.reader.pos = stop;
    } else skipField(source, tag);
  });
  return schema(uri, { ...details, ...type });
}

/** StructuredDataset: uri 1, metadata 2 { structured_dataset_type 1 }. */
function readTable(
  source: LiteralSource,
  end: number,
  declared: LiteralType | undefined,
  details: TaggedDetails,
): FlyteValue {
  let uri = "";
  let type = tableType(source, end, end, declared);
  eachField(source, end, (tag) => {
    if (tag === 0x0a) uri = readString(source, end);
    else if (tag === 0x12) {
      const span = nestedSpan(source, end);
      if (span !== undefined) type = tableType(source, span.start, span.end, declared);
    } else skipField(source, tag);
  });
  return structuredDataset(uri, { ...details, ...type });
}

/** Reads a message, and returns where its field 1 lies, which is the message that is wanted. */
function nestedSpan(source: LiteralSource, end: number): { readonly start: number; readonly end: number } | undefined {
  const stop = fieldEnd(source, end);
  let span: { readonly start: number; readonly end: number } | undefined;
  eachField(source, stop, (tag) => {
    if (tag !== 0x0a) return skipField(source, tag);
    const fieldStop = fieldEnd(source, stop);
    span = { start: source.reader.pos, end: fieldStop };
    source.reader.pos = fieldStop;
  });
  return span;
}

function eachField(source: LiteralSource, end: number, read: (tag: number) => void): void {
  while (source.reader.pos < end) read(readTag(source));
  finishMessage(source, end);
}
