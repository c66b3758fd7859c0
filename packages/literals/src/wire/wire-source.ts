import { BinaryReader, type WireType } from "@bufbuild/protobuf/wire";
import { readText, type TextSource, textSource } from "./text-source.ts";

/** Protobuf bytes being read, with a place in them. */
export interface WireSource {
  readonly bytes: Uint8Array;
  readonly reader: BinaryReader;
  readonly texts: TextSource;
}

/** Starts reading at the first byte. */
export function wireSource(bytes: Uint8Array): WireSource {
  return { bytes, reader: new BinaryReader(bytes), texts: textSource(bytes) };
}

/** The tag of a length-delimited field, to compare with what {@link BinaryReader.uint32} reads. */
export function lengthDelimited(fieldNumber: number): number {
  return (fieldNumber << 3) | 2;
}

/** Reads the tag of a field, or any other uint32. Nearly all are one byte, for which the reader's own way is long. */
export function readTag(source: WireSource): number {
  const { reader } = source;
  const byte = source.bytes[reader.pos];
  if (byte === undefined || byte >= 0x80) return reader.uint32();
  reader.pos++;
  return byte;
}

/**
 * Reads the length of a length-delimited field and returns where the field ends; the reader stands at its start.
 *
 * @throws RangeError if it ends after `end`, where the message around it ends.
 */
export function fieldEnd(source: WireSource, end: number): number {
  const length = readTag(source);
  const stop = source.reader.pos + length;
  if (stop > end) throw new RangeError("a field is longer than its message");
  return stop;
}

/** Reads a string field. Bad UTF-8 is an error: what it meant to say is lost. */
export function readString(source: WireSource, end: number): string {
  const stop = fieldEnd(source, end);
  const text = readText(source.texts, source.reader.pos, stop);
  source.reader.pos = stop;
  return text;
}

/** Skips a field that is not known, as newer versions of Flyte may add them. */
export function skipField(source: WireSource, tag: number): void {
  if (tag >>> 3 === 0) throw new RangeError("a field has the number 0");
  const { bytes, reader } = source;
  switch (tag & 7) {
    // The reader's own way makes a view of what was skipped. Who skips beyond the end fails in `finishMessage`.
    case 0:
      while ((bytes[reader.pos++] ?? 0) >= 0x80);
      return;
    case 2: {
      const length = readTag(source);
      reader.pos += length;
      return;
    }
    default:
      // The low three bits of a tag are its wire type; `skip` refuses the two that do not exist.
      reader.skip((tag & 7) as WireType, tag >>> 3);
  }
}

/** Goes to where a message should end, or refuses one whose last field runs over its end. */
export function finishMessage(source: WireSource, end: number): void {
  if (source.reader.pos !== end) throw new RangeError("a message ends within a field");
}

const safeVarintBytes = 7;

/** Reads an int64: a number where it is safe, else a bigint. */
export function readInt64(source: WireSource): number | bigint {
  const { bytes, reader } = source;
  const start = reader.pos;
  let value = 0;
  let scale = 1;
  // Seven bytes hold 49 bits, which a number counts exactly; longer ones, among them all negative, go the long way.
  for (let at = start; at < start + safeVarintBytes; at++) {
    const byte = bytes[at];
    if (byte === undefined) break;
    if (byte < 0x80) {
      reader.pos = at + 1;
      return value + byte * scale;
    }
    value += (byte - 0x80) * scale;
    scale *= 0x80;
  }
  const long = BigInt(reader.int64());
  const number = Number(long);
  return Number.isSafeInteger(number) ? number : long;
}
