import { refusal } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { listTexts } from "../types/type-name.ts";
import type { FlyteValue } from "../values/flyte-value.ts";
import { type LiteralEntry, readLiteralEntry } from "../wire/literal-entry.ts";
import { fieldEnd, finishMessage, readTag, skipField } from "../wire/wire-source.ts";
import { type LiteralSource, literalSource, type ReadOptions } from "./literal-source.ts";
import { readLiteral } from "./read-literal.ts";

/**
 * Reads an encoded `flyteidl.core.LiteralMap`; `flyteidl2.task.Inputs` and `Outputs` are the same on the wire.
 *
 * @param declared types by name, in whose order the values come.
 * @returns an object without prototype. Names that are declared and not there are absent.
 * @throws LiteralError for a name that is not declared or comes twice, and for a
 *   value that is not of its type; RangeError or TypeError where the bytes are no protobuf message.
 */
export function readLiteralMap(
  bytes: Uint8Array,
  declared: ReadonlyMap<string, LiteralType>,
  options: ReadOptions = {},
): Record<string, FlyteValue> {
  const source = literalSource(bytes, options);
  const entries = readEntries(source, declared);
  const values: Record<string, FlyteValue> = Object.create(null);
  for (const [name, type] of declared) {
    const entry = entries.get(name);
    if (entry === undefined) continue;
    source.place.name = name;
    source.reader.pos = entry.start;
    values[name] = readLiteral(source, entry.end, type, 0);
  }
  return values;
}

/** Where the literal of each name lies in an encoded LiteralMap. */
export function literalSpans(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const source = literalSource(bytes, {});
  const entries = readEntries(source, undefined);
  return new Map([...entries].map(([name, { start, end }]) => [name, bytes.subarray(start, end)]));
}

function readEntries(
  source: LiteralSource,
  declared: ReadonlyMap<string, LiteralType> | undefined,
): ReadonlyMap<string, LiteralEntry> {
  const { bytes, reader, place } = source;
  const entries = new Map<string, LiteralEntry>();
  while (reader.pos < bytes.length) {
    const tag = readTag(source);
    if (tag !== 0x0a) {
      skipField(source, tag);
      continue;
    }
    const entry = readLiteralEntry(source, fieldEnd(source, bytes.length));
    place.name = entry.key;
    if (entries.has(entry.key)) throw refusal(place, "it was sent twice");
    if (declared?.has(entry.key) === false)
      throw refusal(place, `the task does not declare it, ${declaredNames(declared)}`);
    entries.set(entry.key, entry);
  }
  finishMessage(source, bytes.length);
  return entries;
}

function declaredNames(declared: ReadonlyMap<string, LiteralType>): string {
  return declared.size === 0 ? "it declares none" : `it declares ${listTexts([...declared.keys()])}`;
}
