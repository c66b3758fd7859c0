import type { DescMessage } from "@bufbuild/protobuf";
import { recursionLimit } from "../plain/max-depth.ts";
import { fieldEnd, finishMessage, readTag, skipField, type WireSource, wireSource } from "../wire/wire-source.ts";
import { type MessageShape, messageShape } from "./message-shape.ts";

/**
 * Brings the entries of all maps in an encoded message into one order, so that equal messages have equal bytes. Protobuf
 * leaves that order open, and Go changes it at random from one encoding to the next.
 *
 * @returns the bytes themselves if they are in that order, else a copy of the same length.
 * @throws Error if the bytes are no such message.
 */
export type MapEntrySorter = (bytes: Uint8Array) => Uint8Array;

/** Makes the sorter of one kind of message. It decodes nothing. */
export function mapEntrySorter(schema: DescMessage): MapEntrySorter {
  const shape = messageShape(schema);
  return (bytes) => {
    const sorting: Sorting = { source: wireSource(bytes), input: bytes, sorted: undefined };
    sortIn(sorting, shape, bytes.length, 0);
    return sorting.sorted ?? bytes;
  };
}

interface Sorting {
  readonly source: WireSource;
  readonly input: Uint8Array;
  /** The bytes with what is sorted so far, made once something is out of order. */
  sorted: Uint8Array | undefined;
}

/** Where an entry begins, with its tag, and where it ends. */
interface Span {
  readonly start: number;
  readonly end: number;
}

function sortIn(sorting: Sorting, shape: MessageShape, end: number, depth: number): void {
  const { source } = sorting;
  const { reader } = source;
  let entries: Span[] = [];
  let entriesTag = 0;
  const endOfEntries = (): void => {
    sortSpans(sorting, entries);
    entries = [];
  };
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = readTag(source);
    if (tag !== entriesTag && entries.length > 0) endOfEntries();
    const inner = shape.get(tag);
    // What nests deeper is refused by whoever decodes it.
    if (inner === undefined || depth > recursionLimit) {
      skipField(source, tag);
      continue;
    }
    sortIn(sorting, inner.message, fieldEnd(source, end), depth + 1);
    if (!inner.isMap) continue;
    entriesTag = tag;
    entries.push({ start, end: reader.pos });
  }
  endOfEntries();
  finishMessage(source, end);
}

// Entries of one map stand together: encoders write a field at a time. What is in them is sorted already.
function sortSpans(sorting: Sorting, entries: readonly Span[]): void {
  const [first] = entries;
  if (first === undefined || entries.length < 2) return;
  const from = sorting.sorted ?? sorting.input;
  const parts = entries.map(({ start, end }) => from.subarray(start, end));
  const isSorted = parts.every((part, index) => index === 0 || Buffer.compare(parts[index - 1] ?? part, part) <= 0);
  if (isSorted) return;
  const copies = Buffer.concat(parts.sort(Buffer.compare));
  // A Buffer's own `slice` makes no copy.
  sorting.sorted ??= new Uint8Array(sorting.input);
  sorting.sorted.set(copies, first.start);
}
