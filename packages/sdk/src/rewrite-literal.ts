import { fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter } from "@bufbuild/protobuf/wire";
import { flyteidl2 } from "@flyte-agent/idl";
import type { FlyteValue } from "@flyte-agent/literals";
import { literalSpans, readLiteralMap, writeLiteralMap } from "@flyte-agent/literals";
import { recursionLimit } from "@flyte-agent/literals/internal";
import { converting } from "./converting.ts";
import { decodeField } from "./decode-field.ts";

/** A literal and its declared type as Flyte sends them, of either generation. */
export interface EncodedLiteral {
  /** What errors call the value. */
  readonly name: string;
  /** Encoded `flyteidl.core.LiteralType`. */
  readonly type: Uint8Array;
  /** Encoded `flyteidl.core.Literal`. */
  readonly literal: Uint8Array;
}

/** What became of a literal. */
export interface RewrittenLiteral {
  /** What an author's code gets. */
  readonly value: FlyteValue;
  /** Encoded `flyteidl.core.Literal`, made of the value and the type alone. */
  readonly literal: Uint8Array;
}

/**
 * Reads a literal to the JavaScript value that an agent gets, and writes it again as an agent's output: from that value
 * and the declared type, with nothing kept of the literal. Shows what a passage through JavaScript keeps.
 *
 * @param options `integers`: INTEGER as number where it is safe (`"auto"`), or always as bigint. @default "auto"
 * @throws AgentError `malformed_message` if the bytes are not what they should be, `invalid_output` with the path for a
 *   literal that is not of the type, and for a value that is ambiguous without it.
 */
export function rewriteLiteral(
  { name, type, literal }: EncodedLiteral,
  options: { readonly integers?: "auto" | "bigint" } = {},
): RewrittenLiteral {
  const integers = options.integers ?? "auto";
  const declaredType = decodeField("type", () => fromBinary(flyteidl2.LiteralTypeSchema, type, { recursionLimit }));
  const declared = new Map([[name, declaredType]]);
  const values = decodeField("literal", () =>
    readLiteralMap(literalMap(name, literal), declared, { direction: "output", integers }),
  );
  const encoded = converting(() => writeLiteralMap(values, declared, { direction: "output", integers }));
  const written = literalSpans(encoded);
  // Neither lacks the one name that is in it.
  return { value: values[name] ?? null, literal: written.get(name) ?? new Uint8Array() };
}

/** An encoded `flyteidl.core.LiteralMap` with one entry. */
function literalMap(name: string, literal: Uint8Array): Uint8Array {
  const writer = new BinaryWriter();
  writer.uint32(0x0a).fork();
  writer.uint32(0x0a).string(name).uint32(0x12).bytes(literal);
  return writer.join().finish();
}
