import type { JsonObject, JsonValue } from "../plain/json-value.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { type ContainerBudget, payContainer } from "./container-budget.ts";
import { fieldEnd, finishMessage, readString, readTag, skipField, type WireSource } from "./wire-source.ts";

/** How large a Struct may be, and the errors for one that is larger. */
export interface StructLimits {
  /** How many containers are around it already. @default 0 */
  readonly depth?: number;
  /** How many objects and lists it may have. */
  readonly budget: ContainerBudget;
  /** For one that nests deeper than {@link maxDepth}. */
  readonly tooDeep: () => Error;
  readonly tooMany: () => Error;
}

/**
 * Reads a `google.protobuf.Struct` from here to `end`. Objects have no prototype, so that every key is an ordinary one.
 *
 * @throws RangeError or TypeError if the bytes are no Struct; an error of the limits.
 */
export function readStruct(source: WireSource, end: number, limits: StructLimits): JsonObject {
  return readFields({ ...source, limits }, end, limits.depth ?? 0);
}

interface StructSource extends WireSource {
  readonly limits: StructLimits;
}

function readFields(source: StructSource, end: number, depth: number): JsonObject {
  pay(source);
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
  if (depth >= maxDepth) throw source.limits.tooDeep();
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
  pay(source);
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

function pay({ limits }: StructSource): void {
  if (!payContainer(limits.budget)) throw limits.tooMany();
}
