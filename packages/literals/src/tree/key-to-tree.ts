import { refusal } from "../place/place.ts";
import { wellFormed } from "../values/checked-text.ts";
import { choiceKind, numberChoiceOf } from "../values/choice.ts";
import { describeValue, isBytes } from "../values/value-kind.ts";
import { msgpackNumber, plainNumber } from "./number-to-tree.ts";
import type { TreeTarget } from "./tree-target.ts";
import type { TreeValue } from "./tree-value.ts";

const wholeNumber = /^-?(?:0|[1-9]\d*)$/;

/**
 * Converts a key: text, and in msgpack whatever else is one value; those of a typed dict are as its schema says.
 *
 * @throws LiteralError for what is no key there.
 */
export function keyToTree(target: TreeTarget, key: unknown, kind: "integer" | "float" | undefined): TreeValue {
  if (typeof key === "string") {
    if (kind === undefined) return wellFormed(target.place, key);
    // A plain object has its keys as text, also those that are numbers.
    if (kind === "integer" && wholeNumber.test(key)) return msgpackNumber(target, BigInt(key), kind);
    if (kind === "float" && isNumberText(key)) return msgpackNumber(target, Number(key), kind);
  } else if (target.form === "msgpack") {
    const choice = numberChoiceOf(key);
    if (choice !== undefined) return msgpackNumber(target, plainNumber(target.place, choice), choiceKind(choice));
    if (typeof key === "number" || typeof key === "bigint") return msgpackNumber(target, key, kind);
    if (kind === undefined && (typeof key === "boolean" || key === null || isBytes(key))) return key;
  }
  const expected = kind === undefined ? "a string" : kind === "integer" ? "an integer" : "a number";
  throw refusal(target.place, `a key must be ${expected}, got ${describeValue(key)}`);
}

function isNumberText(text: string): boolean {
  return text === "NaN" || (text.trim() !== "" && !Number.isNaN(Number(text)));
}

/** What tells a key that is no text from others in a dict of Python, where 1, 1.0 and True are one. */
export function keyIdentity(key: TreeValue): string {
  const value = numberChoiceOf(key)?.value ?? key;
  if (typeof value === "number" || typeof value === "boolean") {
    const number = Number(value);
    return Number.isInteger(number) ? String(BigInt(number)) : String(number);
  }
  return isBytes(value) ? `b${value.join()}` : String(value);
}
