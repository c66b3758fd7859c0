import { readMsgpack } from "../msgpack/read-msgpack.ts";
import { refusal, tooDeep } from "../place/place.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { bareVariant, type WireKind } from "../types/bare-variant.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { typeKind, typeName } from "../types/type-name.ts";
import type { FlyteValue } from "../values/flyte-value.ts";
import { opaqueBytes, opaqueFile, type TaggedDetails, tagged } from "../values/tagged-value.ts";
import { tooManyContainers } from "../wire/container-budget.ts";
import { readLiteralEntry, readTextEntry } from "../wire/literal-entry.ts";
import { readStruct } from "../wire/read-struct.ts";
import { fieldEnd, finishMessage, readString, readTag, skipField } from "../wire/wire-source.ts";
import { fromTree } from "./from-tree.ts";
import { type LiteralSource, unionType } from "./literal-source.ts";
import { ownType } from "./own-type.ts";
import { readPrimitive } from "./read-primitive.ts";
import { readTagged } from "./read-tagged.ts";

/**
 * Reads `flyteidl.core.Literal` from here to `end`, straight from the bytes and by its declared type. Without one, the
 * literal speaks for itself.
 *
 * @throws LiteralError; RangeError or TypeError where the bytes are no
 *   protobuf message.
 */
export function readLiteral(
  source: LiteralSource,
  end: number,
  type: LiteralType | undefined,
  depth: number,
): FlyteValue {
  if (depth > maxDepth) throw tooDeep(source.place);
  const { reader } = source;
  let field = 0;
  let start = 0;
  let stop = 0;
  let hash = "";
  let metadata: Record<string, string> | undefined;
  while (reader.pos < end) {
    const tag = readTag(source);
    switch (tag) {
      case 0x0a: // scalar
      case 0x12: // collection
      case 0x1a: // map
      case 0x42: // offloaded_metadata
        stop = fieldEnd(source, end);
        field = tag;
        start = reader.pos;
        reader.pos = stop;
        break;
      case 0x22:
        hash = readString(source, end);
        break;
      case 0x2a:
        metadata ??= Object.create(null) as Record<string, string>; // `Object.create` is typed any
        readTextEntry(source, fieldEnd(source, end), metadata);
        break;
      default:
        skipField(source, tag);
    }
  }
  finishMessage(source, end);
  reader.pos = start;
  const value = readContent(source, field, stop, type, depth, hash, metadata);
  reader.pos = end;
  return value;
}

function readContent(
  source: LiteralSource,
  field: number,
  end: number,
  type: LiteralType | undefined,
  depth: number,
  hash: string,
  metadata: Record<string, string> | undefined,
): FlyteValue {
  switch (field) {
    case 0x0a:
      return readScalar(source, end, type, depth, hash, metadata);
    case 0x12:
      return readCollection(source, end, fitting(source, type, "list"), depth);
    case 0x1a:
      return readMap(source, end, fitting(source, type, "map"), depth);
    case 0x42:
      // A server loads them before; this is for whoever reads literals elsewhere.
      throw refusal(
        source.place,
        "it was offloaded because of its size: put the literal in its place that is stored at offloaded_metadata.uri",
      );
    default:
      throw refusal(source.place, "the literal has no value");
  }
}

function readScalar(
  source: LiteralSource,
  end: number,
  type: LiteralType | undefined,
  depth: number,
  hash: string,
  metadata: Record<string, string> | undefined,
): FlyteValue {
  const { reader } = source;
  let value: FlyteValue | undefined;
  while (reader.pos < end) {
    const tag = readTag(source);
    const stop = (tag & 7) === 2 ? fieldEnd(source, end) : 0;
    switch (tag) {
      case 0x0a:
        value = readPrimitive(source, stop, type);
        break;
      case 0x12: // blob
      case 0x22: // schema
      case 0x42: // structured_dataset
        value = readTagged(source, tag, stop, type, detailsOf(hash, metadata));
        break;
      case 0x1a:
        value = readBinary(source, stop, type, depth, hash, metadata);
        break;
      case 0x2a:
        fitting(source, type, "NONE");
        value = null;
        break;
      case 0x32:
        value = readError(source, stop, type);
        break;
      case 0x3a: {
        const tree = readStruct(source, stop, {
          depth,
          budget: source.containers,
          tooDeep: () => tooDeep(source.place),
          tooMany: () => refusal(source.place, tooManyContainers),
        });
        const { pickle_file: uri } = tree;
        const isPickled = metadata?.format === "pickle" && typeof uri === "string";
        value = isPickled ? opaqueFile(uri, detailsOf(hash, metadata)) : fromTree(source, tree, "struct", type, depth);
        break;
      }
      case 0x4a:
        value = readUnion(source, stop, type, depth);
        break;
      default:
        if (stop === 0) skipField(source, tag);
    }
    if (stop !== 0) reader.pos = stop;
  }
  finishMessage(source, end);
  if (value === undefined) throw refusal(source.place, "the literal has no value");
  return value;
}

function detailsOf(hash: string, metadata: Record<string, string> | undefined): TaggedDetails {
  return { ...(hash === "" ? {} : { hash }), ...(metadata === undefined ? {} : { metadata }) };
}

/** The type to read members by: the declared one if it is of this kind, or the variant of a union that is. */
function fitting(source: LiteralSource, type: LiteralType | undefined, kind: WireKind): LiteralType | undefined {
  const declared = typeKind(type);
  if (declared === kind || declared === "unknown") return type;
  if (declared === "union" && type !== undefined) {
    const variant = bareVariant(source, type, kind);
    if (variant !== "none") return variant;
    // A map may stand for a structure, as it does below.
    if (kind === "map" && bareVariant(source, type, "STRUCT") !== "none") return undefined;
  } else if (declared === "STRUCT" && (kind === "map" || kind === "list")) return undefined;
  throw refusal(source.place, `expected ${typeName(type)}, got ${kind}`);
}

function readCollection(
  source: LiteralSource,
  end: number,
  type: LiteralType | undefined,
  depth: number,
): FlyteValue[] {
  const { reader, place } = source;
  const member = type?.type.case === "collectionType" ? type.type.value : undefined;
  const values: FlyteValue[] = [];
  const slot = place.segments.push(0) - 1;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) {
      place.segments[slot] = values.length;
      values.push(readLiteral(source, fieldEnd(source, end), member, depth + 1));
    } else skipField(source, tag);
  }
  finishMessage(source, end);
  place.segments.pop();
  return values;
}

function readMap(source: LiteralSource, end: number, type: LiteralType | undefined, depth: number): FlyteValue {
  const { reader, place } = source;
  const member = type?.type.case === "mapValueType" ? type.type.value : undefined;
  const object: { [key: string]: FlyteValue } = Object.create(null);
  const slot = place.segments.push("") - 1;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag !== 0x0a) {
      skipField(source, tag);
      continue;
    }
    const entry = readLiteralEntry(source, fieldEnd(source, end));
    const next = reader.pos;
    place.segments[slot] = entry.key;
    reader.pos = entry.start;
    object[entry.key] = readLiteral(source, entry.end, member, depth + 1);
    reader.pos = next;
  }
  finishMessage(source, end);
  place.segments.pop();
  return object;
}

function readBinary(
  source: LiteralSource,
  end: number,
  type: LiteralType | undefined,
  depth: number,
  hash: string,
  metadata: Record<string, string> | undefined,
): FlyteValue {
  const { reader } = source;
  let start = reader.pos;
  let stop = start;
  let tag = "";
  while (reader.pos < end) {
    const field = readTag(source);
    if (field === 0x0a) {
      stop = fieldEnd(source, end);
      start = reader.pos;
      reader.pos = stop;
    } else if (field === 0x12) tag = readString(source, end);
    else skipField(source, field);
  }
  finishMessage(source, end);
  const content = source.bytes.subarray(start, stop);
  // Only the tag says msgpack; without it Python wrote a pickle, which is never decoded.
  if (tag !== "msgpack" || typeKind(type) === "BINARY") {
    fitting(source, type, "BINARY");
    return opaqueBytes(new Uint8Array(content), tag, detailsOf(hash, metadata));
  }
  return fromTree(source, decodeMsgpack(source, content, depth), "msgpack", type, depth);
}

function decodeMsgpack(source: LiteralSource, content: Uint8Array, depth: number): FlyteValue {
  try {
    // Without `exact` no choice of a number's kind is handed out, so that every value is a FlyteValue.
    const integers = source.bigints ? "bigint" : "auto";
    return readMsgpack(content, { integers, depth, budget: source.containers }) as FlyteValue;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refusal(source.place, `the msgpack value cannot be read: ${error.message}`);
  }
}

function readError(source: LiteralSource, end: number, type: LiteralType | undefined): FlyteValue {
  const { reader } = source;
  let failedNodeId = "";
  let message = "";
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) failedNodeId = readString(source, end);
    else if (tag === 0x12) message = readString(source, end);
    else skipField(source, tag);
  }
  finishMessage(source, end);
  fitting(source, type, "ERROR");
  return tagged({ kind: "error", failedNodeId, message });
}

/** Reads the inner value by the type that stands beside it, else by the declared union. */
function readUnion(source: LiteralSource, end: number, type: LiteralType | undefined, depth: number): FlyteValue {
  const { reader } = source;
  let start = 0;
  let stop = 0;
  let hasValue = false;
  let inner = type;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag !== 0x0a && tag !== 0x12) {
      skipField(source, tag);
      continue;
    }
    const fieldStop = fieldEnd(source, end);
    if (tag === 0x0a) {
      hasValue = true;
      start = reader.pos;
      stop = fieldStop;
    } else {
      const own = unionType(source, reader.pos, fieldStop);
      if (own.type.case !== undefined) inner = ownType(source, own, type);
    }
    reader.pos = fieldStop;
  }
  finishMessage(source, end);
  if (!hasValue) throw refusal(source.place, "the union has no value");
  reader.pos = start;
  return readLiteral(source, stop, inner, depth + 1);
}
