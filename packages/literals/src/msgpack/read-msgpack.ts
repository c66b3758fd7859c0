import { bareObject } from "../plain/bare-object.ts";
import { maxDepth } from "../plain/max-depth.ts";
import type { TreeValue } from "../tree/tree-value.ts";
import { float } from "../values/choice.ts";
import { type ContainerBudget, containerBudget, payContainer, tooManyContainers } from "../wire/container-budget.ts";
import { readKeyText, readText, type TextSource, textSource } from "../wire/text-source.ts";

/** How numbers and maps are handed out. */
export interface MsgpackReadOptions {
  /** `"auto"`: number if safe, else bigint. `"bigint"`: always bigint. */
  readonly integers: "auto" | "bigint";
  /** Keeps what plain values lose: floats come as `float()`, and every map as a Map, in the order of the wire. */
  readonly exact?: boolean;
  /** How many containers are around the value already. @default 0 */
  readonly depth?: number;
  /** How many lists, maps and bytes it may have. @default one of its own */
  readonly budget?: ContainerBudget;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly bigints: boolean;
  readonly exact: boolean;
  readonly texts: TextSource;
  readonly budget: ContainerBudget;
  /** How much the keys look like those of dictionaries: rises with each that did not come before, falls with the others. */
  strangeness: number;
  at: number;
}

/**
 * Reads bytes that hold exactly one MessagePack value.
 *
 * @throws RangeError with a short reason: cut off, bytes left over, bad UTF-8, an extension type, too deep, too
 *   many lists, maps and bytes.
 */
export function readMsgpack(bytes: Uint8Array, options: MsgpackReadOptions): TreeValue {
  const source: Source = {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
    bigints: options.integers === "bigint",
    exact: options.exact === true,
    texts: textSource(bytes),
    budget: options.budget ?? containerBudget(),
    strangeness: 0,
    at: 0,
  };
  const value = readValue(source, options.depth ?? 0);
  if (source.at !== bytes.length) throw new RangeError(`${bytes.length - source.at} bytes are left over`);
  return value;
}

function readValue(source: Source, depth: number): TreeValue {
  const head = source.bytes[source.at];
  if (head === undefined) throw new RangeError("it is cut off");
  source.at++;
  if (head < 0x80) return source.bigints ? BigInt(head) : head;
  if (head < 0x90) return readMap(source, head & 0x0f, depth);
  if (head < 0xa0) return readArray(source, head & 0x0f, depth);
  if (head < 0xc0) return readString(source, head & 0x1f);
  if (head >= 0xe0) return source.bigints ? BigInt(head - 0x100) : head - 0x100;
  const { view } = source;
  switch (head) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
      return readBytes(source, view.getUint8(take(source, 1)));
    case 0xc5:
      return readBytes(source, view.getUint16(take(source, 2)));
    case 0xc6:
      return readBytes(source, view.getUint32(take(source, 4)));
    case 0xca:
      return floatOf(source, view.getFloat32(take(source, 4)));
    case 0xcb:
      return floatOf(source, view.getFloat64(take(source, 8)));
    case 0xcc:
      return smallOf(source, view.getUint8(take(source, 1)));
    case 0xcd:
      return smallOf(source, view.getUint16(take(source, 2)));
    case 0xce:
      return smallOf(source, view.getUint32(take(source, 4)));
    case 0xcf:
      return largeOf(source, view.getBigUint64(take(source, 8)));
    case 0xd0:
      return smallOf(source, view.getInt8(take(source, 1)));
    case 0xd1:
      return smallOf(source, view.getInt16(take(source, 2)));
    case 0xd2:
      return smallOf(source, view.getInt32(take(source, 4)));
    case 0xd3:
      return largeOf(source, view.getBigInt64(take(source, 8)));
    case 0xd9:
      return readString(source, view.getUint8(take(source, 1)));
    case 0xda:
      return readString(source, view.getUint16(take(source, 2)));
    case 0xdb:
      return readString(source, view.getUint32(take(source, 4)));
    case 0xdc:
      return readArray(source, view.getUint16(take(source, 2)), depth);
    case 0xdd:
      return readArray(source, view.getUint32(take(source, 4)), depth);
    case 0xde:
      return readMap(source, view.getUint16(take(source, 2)), depth);
    case 0xdf:
      return readMap(source, view.getUint32(take(source, 4)), depth);
    default:
      throw new RangeError(
        head === 0xc1 ? "it has the byte 0xc1" : "it has an extension type, which Flyte never writes",
      );
  }
}

/** Moves on by `length` bytes and returns where they start. */
function take(source: Source, length: number): number {
  const start = source.at;
  if (length > source.bytes.length - start) throw new RangeError("it is cut off");
  source.at = start + length;
  return start;
}

function smallOf(source: Source, value: number): TreeValue {
  return source.bigints ? BigInt(value) : value;
}

function largeOf(source: Source, value: bigint): TreeValue {
  const number = Number(value);
  return !source.bigints && Number.isSafeInteger(number) ? number : value;
}

function floatOf(source: Source, value: number): TreeValue {
  return source.exact ? float(value) : value;
}

function readBytes(source: Source, length: number): Uint8Array {
  const start = take(source, length);
  pay(source);
  // A copy, since a view would keep the whole message alive; `slice` of a Buffer is a view.
  return new Uint8Array(source.bytes.subarray(start, start + length));
}

function readString(source: Source, length: number): string {
  const start = take(source, length);
  return utf8(readText, source.texts, start, start + length);
}

function utf8(read: typeof readText, texts: TextSource, start: number, end: number): string {
  try {
    return read(texts, start, end);
  } catch (error) {
    throw new RangeError("it has text that is not UTF-8", { cause: error });
  }
}

const maxShortArray = 32;

function readArray(source: Source, length: number, depth: number): TreeValue[] {
  enter(source, length, depth);
  // Short ones are made in their size: `push` makes room for 17.
  const array = new Array<TreeValue>(length > maxShortArray ? 0 : length);
  for (let index = 0; index < length; index++) array[index] = readValue(source, depth + 1);
  return array;
}

function readMap(source: Source, size: number, depth: number): TreeValue {
  enter(source, size * 2, depth);
  if (source.exact) return readEntries(source, size, depth, new Map());
  const object = emptyObject(source, size);
  for (let index = 0; index < size; index++) {
    const key = readKey(source, depth);
    if (typeof key !== "string") {
      const map = new Map<TreeValue, TreeValue>(Object.entries(object));
      map.set(key, readValue(source, depth + 1));
      return readEntries(source, size - index - 1, depth, map);
    }
    object[key] = readValue(source, depth + 1);
  }
  return object;
}

const maxLayoutKeys = 128;
const maxStrangeness = 16_000;

/** Keys that never came before are those of dictionaries, which are better off as hash tables. */
function emptyObject(source: Source, size: number): { [key: string]: TreeValue } {
  return size > maxLayoutKeys || source.strangeness > maxStrangeness ? Object.create(null) : bareObject();
}

function readKey(source: Source, depth: number): TreeValue {
  const head = source.bytes[source.at] ?? 0;
  if (head < 0xa0 || head >= 0xc0) return readValue(source, depth + 1);
  source.at++;
  const { knownKeys } = source.texts;
  const { misses } = knownKeys;
  const start = take(source, head & 0x1f);
  const key = utf8(readKeyText, source.texts, start, source.at);
  if (knownKeys.misses > misses) source.strangeness += 8;
  else if (source.strangeness > 0) source.strangeness--;
  return key;
}

function readEntries(
  source: Source,
  count: number,
  depth: number,
  map: Map<TreeValue, TreeValue>,
): ReadonlyMap<TreeValue, TreeValue> {
  for (let index = 0; index < count; index++) {
    const key = readValue(source, depth + 1);
    map.set(key, readValue(source, depth + 1));
  }
  return map;
}

// Each member takes a byte at least, so that a length can be refused before anything is made for it.
function enter(source: Source, members: number, depth: number): void {
  if (depth >= maxDepth && members > 0) throw new RangeError(`it is nested deeper than ${maxDepth} levels`);
  if (members > source.bytes.length - source.at) throw new RangeError("it is cut off");
  pay(source);
}

function pay({ budget }: Source): void {
  if (!payContainer(budget)) throw new RangeError(tooManyContainers);
}
