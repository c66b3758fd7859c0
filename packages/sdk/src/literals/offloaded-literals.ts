import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { maxDepth } from "../max-depth.ts";
import {
  fieldEnd,
  finishMessage,
  readInt64,
  readString,
  readTag,
  skipField,
  type WireSource,
  wireSource,
} from "../wire/wire-source.ts";
import { countLiterals } from "./count-literals.ts";
import { readLiteralEntry } from "./literal-entry.ts";
import { type LiteralMessage, messageIn } from "./literal-message.ts";
import { placeText } from "./place.ts";

/** A literal that lies in a file of its own: `LiteralOffloadedMetadata`, and where it stands. */
export interface OffloadedLiteral {
  /** Where it is among the inputs, as error messages begin: `input "rows"[3]`. */
  readonly path: string;
  /** Where the encoded `flyteidl.core.Literal` is. */
  readonly uri: string;
  /** Its size as Flyte says it, 0 if it does not. */
  readonly sizeBytes: number;
  /** The field with the metadata, tag included, and the messages around it. */
  readonly start: number;
  readonly end: number;
  readonly around: OpenMessage;
}

/** A message that others are in. */
interface OpenMessage {
  readonly kind: LiteralMessage;
  /** Where its length stands, which ends where the message starts. */
  readonly lengthStart: number;
  readonly start: number;
  readonly end: number;
  /** Its number among the members of the collection around it. */
  readonly index: number;
  /** `undefined` for the outermost. */
  readonly around: OpenMessage | undefined;
}

/**
 * Finds the offloaded literals of an encoded LiteralMap, nested ones too, in the order of the bytes.
 *
 * @throws Error if the bytes are no LiteralMap.
 */
export function findOffloadedLiterals(inputs: Uint8Array): readonly OffloadedLiteral[] {
  const found: OffloadedLiteral[] = [];
  const whole: OpenMessage = { kind: "map", lengthStart: 0, start: 0, end: inputs.length, index: 0, around: undefined };
  findIn({ source: wireSource(inputs), found, keys: new Map() }, whole, 0);
  return found;
}

interface Finding {
  readonly source: WireSource;
  readonly found: OffloadedLiteral[];
  /** Keys of entries: one may stand before or after its literal, with any number of unknown fields beside it. */
  readonly keys: Map<OpenMessage, string>;
}

function findIn(finding: Finding, message: OpenMessage, depth: number): void {
  const { source, found } = finding;
  const { reader } = source;
  const { kind, end } = message;
  for (let index = 0; reader.pos < end; ) {
    const fieldStart = reader.pos;
    const tag = readTag(source);
    const inner = messageIn(kind, tag);
    if (inner === undefined) {
      skipField(source, tag);
      continue;
    }
    const lengthStart = reader.pos;
    const stop = fieldEnd(source, end);
    if (inner === "offloaded") {
      const place = { start: fieldStart, end: stop, around: message };
      found.push({ ...place, path: pathOf(finding, message), ...readMetadata(source, stop) });
    } else if (inner === "literal" && depth > maxDepth) {
      reader.pos = stop;
    } else {
      const open = { kind: inner, lengthStart, start: reader.pos, end: stop, index, around: message };
      findIn(finding, open, inner === "literal" ? depth + 1 : depth);
      index += 1;
    }
  }
  finishMessage(source, end);
}

/** LiteralOffloadedMetadata: uri 1, size_bytes 2. */
function readMetadata(source: WireSource, end: number): { readonly uri: string; readonly sizeBytes: number } {
  const { reader } = source;
  let uri = "";
  let sizeBytes = 0;
  while (reader.pos < end) {
    const tag = readTag(source);
    if (tag === 0x0a) uri = readString(source, end);
    // It is unsigned: one beyond 2^63 comes as a negative number.
    else if (tag === 0x10) sizeBytes = Number(BigInt.asUintN(64, BigInt(readInt64(source))));
    else skipField(source, tag);
  }
  finishMessage(source, end);
  return { uri, sizeBytes };
}

function pathOf(finding: Finding, literal: OpenMessage): string {
  const segments: (string | number)[] = [];
  for (let at: OpenMessage | undefined = literal; at !== undefined; at = at.around) {
    if (at.kind === "entry") segments.push(keyOf(finding, at));
    else if (at.around?.kind === "collection") segments.push(at.index);
  }
  // The outermost message is the map of the inputs.
  const [name = "", ...rest] = segments.reverse();
  return placeText({ direction: "input", name: String(name), segments: rest });
}

function keyOf({ source, keys }: Finding, entry: OpenMessage): string {
  const known = keys.get(entry);
  if (known !== undefined) return known;
  const bytes = source.bytes.subarray(entry.start, entry.end);
  const { key } = readLiteralEntry(wireSource(bytes), bytes.length);
  keys.set(entry, key);
  return key;
}

/** Whether bytes are an encoded `flyteidl.core.Literal` that has a value. */
export function isLiteral(bytes: Uint8Array): boolean {
  try {
    countLiterals(bytes, "literal");
  } catch {
    return false;
  }
  const source = wireSource(bytes);
  while (source.reader.pos < bytes.length) {
    const tag = readTag(source);
    if (messageIn("literal", tag) !== undefined) return true;
    skipField(source, tag);
  }
  return false;
}

/**
 * Puts loaded literals in the places of offloaded ones. What else stands beside the metadata (hash, metadata, unknown
 * fields) is kept, and where the loaded literal has the same, that of the loaded one counts.
 *
 * @param offloaded what {@link findOffloadedLiterals} found in these inputs.
 * @param loaded an encoded Literal for each.
 */
export function insertLiterals(
  inputs: Uint8Array,
  offloaded: readonly OffloadedLiteral[],
  loaded: readonly Uint8Array[],
): Uint8Array {
  const edits: Edit[] = [];
  const growth = new Map<OpenMessage, number>();
  for (const [index, { start, end, around }] of offloaded.entries()) {
    const content = loaded[index] ?? nothing;
    // The fields of a message may stand in any order, also those that are the literal's own.
    edits.push({ start, end, content });
    grow(growth, around, content.length - (end - start));
  }
  // Those inside start later: their own lengths may take more bytes, which those around them hold too.
  for (const message of outward(offloaded)) {
    const { lengthStart, start, end, around } = message;
    const bytes = growth.get(message) ?? 0;
    const length = new BinaryWriter().uint32(end - start + bytes).finish();
    edits.push({ start: lengthStart, end: start, content: length });
    grow(growth, around, bytes + length.length - (start - lengthStart));
  }
  return edited(inputs, edits);
}

/** Bytes to be put in the place of others. */
interface Edit {
  readonly start: number;
  readonly end: number;
  readonly content: Uint8Array;
}

const nothing = new Uint8Array();

function grow(growth: Map<OpenMessage, number>, message: OpenMessage | undefined, bytes: number): void {
  if (message !== undefined) growth.set(message, (growth.get(message) ?? 0) + bytes);
}

/** Every message that has a length and literals in it, those inside before those around them. */
function outward(offloaded: readonly OffloadedLiteral[]): readonly OpenMessage[] {
  const messages = new Set<OpenMessage>();
  for (const { around } of offloaded) {
    for (let at = around; at.around !== undefined && !messages.has(at); at = at.around) messages.add(at);
  }
  return [...messages].sort((left, right) => right.start - left.start);
}

function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  const inOrder = edits.toSorted((left, right) => left.start - right.start);
  const size = edits.reduce((sum, { start, end, content }) => sum + content.length - (end - start), bytes.length);
  const result = new Uint8Array(size);
  let from = 0;
  let to = 0;
  const append = (part: Uint8Array): void => {
    result.set(part, to);
    to += part.length;
  };
  for (const { start, end, content } of inOrder) {
    append(bytes.subarray(from, start));
    append(content);
    from = end;
  }
  append(bytes.subarray(from));
  return result;
}
