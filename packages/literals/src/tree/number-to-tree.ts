import { type Place, refusal } from "../place/place.ts";
import type { StructShape } from "../types/struct-shape.ts";
import { choiceKind, float, int, type NumberChoice, numberChoiceOf } from "../values/choice.ts";
import { describeValue } from "../values/value-kind.ts";
import type { TreeTarget } from "./tree-target.ts";
import type { TreeValue } from "./tree-value.ts";

/**
 * Converts a number of a structure: of the kind that `int()` or `float()` chose, else as the schema says, else by its own.
 *
 * @throws LiteralError for one that its kind cannot hold.
 */
export function numberToTree(target: TreeTarget, value: unknown, shape: StructShape): TreeValue {
  const number = plainNumber(target.place, value);
  const choice = numberChoiceOf(value);
  const kind = choice === undefined ? shape.numberKind : choiceKind(choice);
  return target.form === "struct" ? structNumber(target.place, number, kind) : msgpackNumber(target, number, kind);
}

/** The number in a choice, which plain JavaScript may have made of anything. */
export function plainNumber(place: Place, value: unknown): number | bigint {
  const number: unknown = numberChoiceOf(value)?.value ?? value;
  if (typeof number === "number" || typeof number === "bigint") return number;
  throw refusal(place, `expected a number, got ${describeValue(value)}`);
}

/** A number of msgpack, where 1 and 1.0 are not the same: of a kind if that is known. */
export function msgpackNumber(
  target: TreeTarget,
  number: number | bigint,
  kind: "integer" | "float" | undefined,
): TreeValue {
  if (typeof number === "bigint") {
    if (kind === "float") return exactFloat(target.place, number);
    if (number < -(2n ** 63n) || number >= 2n ** 64n) throw refusal(target.place, "an integer beyond 64 bits");
    return int(number);
  }
  if (kind === "float") return float(number);
  if (kind === "integer") {
    if (Number.isSafeInteger(number)) return int(number);
    throw refusal(target.place, `expected an integer, got ${describeValue(number)}`);
  }
  return target.bigints ? float(number) : number;
}

function exactFloat(place: Place, value: bigint): NumberChoice {
  const number = Number(value);
  if (Number.isFinite(number) && BigInt(number) === value) return float(number);
  throw refusal(place, `expected FLOAT, got ${describeValue(value)}, which a float cannot hold exactly`);
}

/** A Struct has doubles only, and JSON on the other side. */
function structNumber(place: Place, value: number | bigint, kind: "integer" | "float" | undefined): number {
  const number = Number(value);
  if (!Number.isFinite(number)) throw refusal(place, `${number} cannot stand in a Struct, which is JSON`);
  if (kind === "integer" && !Number.isInteger(number)) {
    throw refusal(place, `expected an integer, got ${describeValue(number)}`);
  }
  const isWhole = Number.isInteger(number);
  if (isWhole && typeof value === "bigint" && !Number.isSafeInteger(number)) {
    throw refusal(place, `${describeValue(value)} cannot stand in a Struct, which has no integers beyond 2^53`);
  }
  return number;
}
