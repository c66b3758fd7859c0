import type { JsonObject, JsonValue } from "../resource.ts";
import { fieldEnd, finishMessage, readString, readTag, skipField, type WireSource } from "./wire-source.ts";

/** A value of a Struct is within at most so many objects and lists. */
export const maxStructDepth = 200;

/**
 * Reads a `google.protobuf.Struct` from here to `end`. Objects have no prototype, so that every key is an ordinary one.
 *
 * @param tooDeep makes the error for one that nests deeper than {@link maxStructDepth}.
 * @param depth how many containers are around it already.
 * @throws RangeError or TypeError if the bytes are no Struct.
 */
export function readStruct(source: WireSource, end: number, tooDeep: () => Error, depth = 0): JsonObject {
  return readFields({ ...source, tooDeep }, end, depth);
}

interface StructSource extends WireSource {
  readonly tooDeep: () => Error;
}

function readFields(source: StructSource, end: number, depth: number): JsonObject {
  const { reader } = source;
  const object: { [key: string]: JsonValue } = Object.create(null);
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) readEntry(source, fieldEnd(source, end), object, depth);
    else skipField(source, tag);
  }
  finishMessage(source, end);
  return object;
}

function readEntry(source: StructSource, end: number, object: { [key: string]: JsonValue }, depth: number): void {
  const { reader } = source;
  let key = "";
  let value: JsonValue = null;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) key = readString(source, end);
    else if (tag === 0x12) value = readValue(source, fieldEnd(source, end), depth);
    else skipField(source, tag);
  }
  finishMessage(source, end);
  object[key] = value;
}

/** A `google.protobuf.Value`; one without a kind, which no writer should make, is null. */
function readValue(source: StructSource, end: number, depth: number): JsonValue {
  if (depth >= maxStructDepth) throw source.tooDeep();
  const { reader } = source;
  let value: JsonValue = null;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x11) value = reader.double();
    else if (tag === 0x1a) value = readString(source, end);
    else if (tag === 0x20) value = reader.bool();
    else if (tag === 0x2a) value = readFields(source, fieldEnd(source, end), depth + 1);
    else if (tag === 0x32) value = readList(source, fieldEnd(source, end), depth + 1);
    else if (tag === 0x08) {
      reader.uint32();
      value = null;
    } else skipField(source, tag);
  }
  finishMessage(source, end);
  return value;
}

function readList(source: StructSource, end: number, depth: number): JsonValue[] {
  const { reader } = source;
  const list: JsonValue[] = [];
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) list.push(readValue(source, fieldEnd(source, end), depth));
    else skipField(source, tag);
  }
  finishMessage(source, end);
  return list;
}
