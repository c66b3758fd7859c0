import { fieldEnd, finishMessage, readString, readTag, skipField, type WireSource } from "./wire-source.ts";

/** An entry of a map of literals: its key and where its literal lies. */
export interface LiteralEntry {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** Reads an entry of a LiteralMap (`flyteidl2.task.NamedLiteral` is the same on the wire) without its literal. */
export function readLiteralEntry(source: WireSource, end: number): LiteralEntry {
  const { reader } = source;
  let key = "";
  let start = reader.pos;
  let stop = start;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) key = readString(source, end);
    else if (tag === 0x12) {
      stop = fieldEnd(source, end);
      start = reader.pos;
      reader.pos = stop;
    } else skipField(source, tag);
  }
  finishMessage(source, end);
  return { key, start, end: stop };
}

/** Reads an entry of a map<string, string> into `entries`. */
export function readTextEntry(source: WireSource, end: number, entries: Record<string, string>): void {
  const { reader } = source;
  let key = "";
  let value = "";
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) key = readString(source, end);
    else if (tag === 0x12) value = readString(source, end);
    else skipField(source, tag);
  }
  finishMessage(source, end);
  entries[key] = value;
}
