import type { DescMessage } from "@bufbuild/protobuf";
import { recursionLimit } from "../plain/max-depth.ts";
import {
  fieldEnd,
  finishMessage,
  lengthDelimited,
  readTag,
  skipField,
  type WireSource,
  wireSource,
} from "../wire/wire-source.ts";

/**
 * Counts the fields of an encoded message and of the messages in it.
 *
 * @returns the count, or `limit + 1` as soon as there are more than the limit.
 * @throws Error if the bytes are no such message.
 */
export type FieldCounter = (bytes: Uint8Array, limit: number) => number;

/**
 * Makes the counter of one kind of message. It decodes nothing: a field of two bytes becomes an object of a hundred and
 * more in a decoded message.
 */
export function fieldCounter(schema: DescMessage): FieldCounter {
  const shape = shapeOf(schema, new Map());
  return (bytes, limit) => {
    const count: Counting = { source: wireSource(bytes), limit, fields: 0 };
    countIn(count, shape, bytes.length, 0);
    return count.fields;
  };
}

/** The fields of a message that hold messages, by their tags. */
type MessageShape = Map<number, MessageShape>;

// Messages may hold themselves.
function shapeOf(schema: DescMessage, known: Map<DescMessage, MessageShape>): MessageShape {
  const old = known.get(schema);
  if (old !== undefined) return old;
  const shape: MessageShape = new Map();
  known.set(schema, shape);
  for (const { number, fieldKind, message } of schema.fields) {
    const inner = message === undefined ? undefined : shapeOf(message, known);
    if (fieldKind === "map") {
      shape.set(lengthDelimited(number), new Map(inner === undefined ? [] : [[mapValueTag, inner]]));
    } else if (inner !== undefined) shape.set(lengthDelimited(number), inner);
  }
  return shape;
}

/** A map is a list of entries, each with a key in field 1 and a value in field 2. */
const mapValueTag = lengthDelimited(2);

interface Counting {
  readonly source: WireSource;
  readonly limit: number;
  fields: number;
}

function countIn(count: Counting, shape: MessageShape, end: number, depth: number): void {
  const { source } = count;
  const { reader } = source;
  while (reader.pos < end && count.fields <= count.limit) {
    const tag = readTag(source);
    count.fields += 1;
    const inner = shape.get(tag);
    // What nests deeper is refused by whoever decodes it.
    if (inner === undefined || depth > recursionLimit) skipField(source, tag);
    else countIn(count, inner, fieldEnd(source, end), depth + 1);
  }
  if (count.fields <= count.limit) finishMessage(source, end);
}
