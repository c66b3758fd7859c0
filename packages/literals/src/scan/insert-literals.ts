import { BinaryWriter } from "@bufbuild/protobuf/wire";
import type { OffloadedLiteral, OpenMessage } from "./find-offloaded-literals.ts";

/**
 * Puts loaded literals in the places of offloaded ones. What else stands beside the metadata (hash, metadata, unknown
 * fields) is kept, and where the loaded literal has the same, that of the loaded one counts.
 *
 * @param offloaded what `findOffloadedLiterals` found in these inputs.
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
