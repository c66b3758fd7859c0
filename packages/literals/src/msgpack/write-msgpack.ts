import { maxDepth } from "../plain/max-depth.ts";
import type { TreeValue } from "../tree/tree-value.ts";
import { choiceKind, numberChoiceOf } from "../values/choice.ts";

interface Target {
  bytes: Buffer;
  view: DataView;
  at: number;
}

/**
 * Writes one MessagePack value, each in its shortest form; numbers are integers if they are safe integers and not -0,
 * else 64-bit floats, unless `int()` or `float()` says otherwise.
 *
 * @throws RangeError with a short reason: an integer that does not fit 64 bits, a lone surrogate, too deep.
 */
export function writeMsgpack(value: TreeValue): Uint8Array {
  const target: Target = { ...room(256), at: 0 };
  writeValue(target, value, 0);
  return new Uint8Array(target.bytes.buffer, 0, target.at).slice();
}

function writeValue(target: Target, value: TreeValue, depth: number): void {
  if (typeof value === "string") writeText(target, value);
  else if (typeof value === "number") writeNumber(target, value);
  else if (typeof value === "bigint") writeBigint(target, value);
  else if (typeof value === "boolean") writeByte(target, value ? 0xc3 : 0xc2);
  else if (value === null) writeByte(target, 0xc0);
  else writeObject(target, value, depth);
}

function writeObject(target: Target, value: TreeValue & object, depth: number): void {
  const choice = numberChoiceOf(value);
  if (choice !== undefined) {
    if (choiceKind(choice) === "float") writeFloat(target, Number(choice.value));
    else writeBigint(target, BigInt(choice.value));
  } else if (ArrayBuffer.isView(value)) {
    // A typed array of another realm is no instance of ours; `isView` knows it all the same.
    writeBytes(target, value);
  } else writeContainer(target, value, depth);
}

function writeContainer(target: Target, value: TreeValue & object, depth: number): void {
  if (Array.isArray(value)) {
    writeLength(target, value.length, 0x90, 0xdc);
    for (const member of value) writeMember(target, member, depth);
  } else if (value instanceof Map) {
    writeLength(target, value.size, 0x80, 0xde);
    for (const [key, member] of value) {
      writeMember(target, key, depth);
      writeMember(target, member, depth);
    }
  } else {
    const entries = Object.entries(value);
    writeLength(target, entries.length, 0x80, 0xde);
    for (const [key, member] of entries) {
      writeText(target, key);
      writeMember(target, member, depth);
    }
  }
}

function writeMember(target: Target, member: TreeValue, depth: number): void {
  if (depth >= maxDepth) throw new RangeError(`nested deeper than ${maxDepth} levels`);
  writeValue(target, member, depth + 1);
}

function writeNumber(target: Target, value: number): void {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) writeInteger(target, value);
  else writeFloat(target, value);
}

/** Makes room for `length` more bytes. The view may be another one afterwards. */
function reserve(target: Target, length: number): void {
  const needed = target.at + length;
  if (needed <= target.bytes.length) return;
  const { bytes, view } = room(Math.max(target.bytes.length * 2, needed));
  bytes.set(target.bytes);
  target.bytes = bytes;
  target.view = view;
}

function room(length: number): Pick<Target, "bytes" | "view"> {
  const buffer = new ArrayBuffer(length);
  return { bytes: Buffer.from(buffer), view: new DataView(buffer) };
}

function writeByte(target: Target, byte: number): void {
  reserve(target, 1);
  target.bytes[target.at++] = byte;
}

/** Writes a head byte, makes room for what follows it, and returns where that starts. */
function writeHead(target: Target, head: number, length: number): number {
  reserve(target, 1 + length);
  target.bytes[target.at] = head;
  const start = target.at + 1;
  target.at = start + length;
  return start;
}

function writeInteger(target: Target, value: number): void {
  if (value < 0) writeNegative(target, value);
  else if (value < 0x80) writeByte(target, value);
  else if (value < 0x100) writeUnsigned(target, 0xcc, 1, value);
  else if (value < 0x10000) writeUnsigned(target, 0xcd, 2, value);
  else if (value < 0x100000000) writeUnsigned(target, 0xce, 4, value);
  else writeLong(target, 0xcf, BigInt(value));
}

function writeNegative(target: Target, value: number): void {
  if (value >= -0x20) writeByte(target, value + 0x100);
  else if (value >= -0x80) writeUnsigned(target, 0xd0, 1, value);
  else if (value >= -0x8000) writeUnsigned(target, 0xd1, 2, value);
  else if (value >= -0x80000000) writeUnsigned(target, 0xd2, 4, value);
  else writeLong(target, 0xd3, BigInt(value));
}

/** Writes a head byte and a number; a negative one comes out as its two's complement. */
function writeUnsigned(target: Target, head: number, length: 1 | 2 | 4, value: number): void {
  const at = writeHead(target, head, length);
  if (length === 1) target.view.setUint8(at, value);
  else if (length === 2) target.view.setUint16(at, value);
  else target.view.setUint32(at, value);
}

function writeLong(target: Target, head: number, value: bigint): void {
  const at = writeHead(target, head, 8);
  target.view.setBigUint64(at, value);
}

function writeBigint(target: Target, value: bigint): void {
  const number = Number(value);
  if (Number.isSafeInteger(number)) writeInteger(target, number);
  else if (value === BigInt.asUintN(64, value)) writeLong(target, 0xcf, value);
  else if (value === BigInt.asIntN(64, value)) writeLong(target, 0xd3, value);
  else throw new RangeError("an integer beyond 64 bits");
}

function writeFloat(target: Target, value: number): void {
  const at = writeHead(target, 0xcb, 8);
  target.view.setFloat64(at, value);
}

/** Writes the length of an array or map: inside the head byte `fix`, in two bytes after `head16`, or in four. */
function writeLength(target: Target, length: number, fix: number, head16: number): void {
  if (length < 0x10) writeByte(target, fix | length);
  else if (length < 0x10000) writeUnsigned(target, head16, 2, length);
  else writeUnsigned(target, head16 + 1, 4, length);
}

/** Up to here a loop over ASCII is faster than a call of the encoder; and one byte holds the length. */
const shortText = 31;

function writeText(target: Target, value: string): void {
  if (value.length <= shortText && writeShortAscii(target, value)) return;
  if (!value.isWellFormed()) throw new RangeError("text with a lone surrogate");
  const length = Buffer.byteLength(value);
  if (length < 0x20) writeByte(target, 0xa0 | length);
  else writeLongLength(target, length, 0xd9);
  reserve(target, length);
  target.bytes.write(value, target.at);
  target.at += length;
}

/** Writes a string of less than 32 characters, unless one is not ASCII: then nothing is written. */
function writeShortAscii(target: Target, value: string): boolean {
  const { length } = value;
  reserve(target, 1 + length);
  const { bytes } = target;
  let at = target.at;
  bytes[at++] = 0xa0 | length;
  for (let index = 0; index < length; index++) {
    const code = value.charCodeAt(index);
    if (code > 0x7f) return false;
    bytes[at++] = code;
  }
  target.at = at;
  return true;
}

function writeBytes(target: Target, value: ArrayBufferView): void {
  writeLongLength(target, value.byteLength, 0xc4);
  writeRaw(target, new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
}

/** Writes a length in one, two or four bytes, after `head8` or one of the two heads that follow it. */
function writeLongLength(target: Target, length: number, head8: number): void {
  if (length < 0x100) writeUnsigned(target, head8, 1, length);
  else if (length < 0x10000) writeUnsigned(target, head8 + 1, 2, length);
  else writeUnsigned(target, head8 + 2, 4, length);
}

function writeRaw(target: Target, bytes: Uint8Array): void {
  reserve(target, bytes.length);
  target.bytes.set(bytes, target.at);
  target.at += bytes.length;
}
