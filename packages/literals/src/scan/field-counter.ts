import type { DescMessage } from "@bufbuild/protobuf";
import { recursionLimit } from "../plain/max-depth.ts";
import { fieldEnd, finishMessage, readTag, skipField, type WireSource, wireSource } from "../wire/wire-source.ts";
import { type MessageShape, messageShape } from "./message-shape.ts";

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
  const shape = messageShape(schema);
  return (bytes, limit) => {
    const count: Counting = { source: wireSource(bytes), limit, fields: 0 };
    countIn(count, shape, bytes.length, 0);
    return count.fields;
  };
}

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
    else countIn(count, inner.message, fieldEnd(source, end), depth + 1);
  }
  if (count.fields <= count.limit) finishMessage(source, end);
}
