import { placeText } from "../place/place.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { readLiteralEntry } from "../wire/literal-entry.ts";
import { type LiteralMessage, messageIn } from "../wire/literal-message.ts";
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

/** A literal that lies in a file of its own: `LiteralOffloadedMetadata`, and where it stands. */
export interface OffloadedLiteral {
  /** Where it is among the inputs, as error messages begin: `input "rows"[3]`. */
  readonly path: string;
  /** Where the encoded `flyteidl.core.Literal` is. */
  readonly uri: string;
  /** Its size as Flyte says it, 0 if it does not. */
  readonly sizeBytes: number;
  /** Where the field with the metadata starts, its tag included. */
  readonly start: number;
  /** Where that field ends. */
  readonly end: number;
  /** The message that the field is in, and through it those around. */
  readonly around: OpenMessage;
}

/** A message that others are in. */
export interface OpenMessage {
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
