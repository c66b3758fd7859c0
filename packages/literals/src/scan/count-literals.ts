import { maxDepth } from "../plain/max-depth.ts";
import { type LiteralMessage, messageIn } from "../wire/literal-message.ts";
import { fieldEnd, finishMessage, readTag, skipField, type WireSource, wireSource } from "../wire/wire-source.ts";

/** How much there is to read in encoded inputs. */
export interface LiteralCount {
  /** Literals, those within others included. */
  readonly literals: number;
  /** How many of them lie in files of their own (`offloaded_metadata`). */
  readonly offloaded: number;
}

/**
 * Counts the literals in an encoded LiteralMap or Literal without decoding any: primitives, files and structures are
 * stepped over. What is nested deeper than values may be does not count, since it is refused anyway.
 *
 * @throws Error if the bytes are no such message.
 */
export function countLiterals(bytes: Uint8Array, message: "map" | "literal" = "map"): LiteralCount {
  const count: Counting = { source: wireSource(bytes), literals: 0, offloaded: 0 };
  countIn(count, message, bytes.length, 0);
  return { literals: count.literals, offloaded: count.offloaded };
}

interface Counting {
  readonly source: WireSource;
  literals: number;
  offloaded: number;
}

function countIn(count: Counting, message: LiteralMessage, end: number, depth: number): void {
  const { source } = count;
  const { reader } = source;
  while (reader.pos < end) {
    const tag = readTag(source);
    const inner = messageIn(message, tag);
    if (inner === undefined) {
      skipField(source, tag);
      continue;
    }
    const stop = fieldEnd(source, end);
    if (inner === "literal") {
      count.literals += 1;
      if (depth > maxDepth) reader.pos = stop;
      else countIn(count, inner, stop, depth + 1);
    } else if (inner === "offloaded") {
      count.offloaded += 1;
      reader.pos = stop;
    } else countIn(count, inner, stop, depth);
  }
  finishMessage(source, end);
}
