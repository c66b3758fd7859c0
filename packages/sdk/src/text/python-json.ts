import type { TreeValue } from "@flyte-agent/literals/internal";
import { choiceKind, isBytes, itemsOf, membersOf, numberChoiceOf } from "@flyte-agent/literals/internal";
import { pythonFloat } from "./python-float.ts";

/**
 * A value as Python's `json.dumps()` prints it: ASCII only, `", "` and `": "` between, `1.0` for floats, in the order
 * of a Map.
 *
 * @throws RangeError for bytes and for keys that are lists or maps, which JSON cannot hold.
 */
export function pythonJson(value: TreeValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : jsonFloat(value);
  }
  const number = numberChoiceOf(value);
  if (number !== undefined)
    return choiceKind(number) === "float" ? jsonFloat(Number(number.value)) : String(number.value);
  if (isBytes(value)) throw new RangeError("it has bytes, which JSON cannot hold");
  if (Array.isArray(value)) return `[${(itemsOf(value) ?? []).map(jsonItem).join(", ")}]`;
  return `{${(membersOf(value) ?? []).map(jsonMember).join(", ")}}`;
}

function jsonItem(item: unknown): string {
  // Items of a TreeValue are TreeValues.
  return pythonJson(item as TreeValue);
}

function jsonMember([key, member]: readonly [unknown, unknown]): string {
  const name = typeof key === "string" ? quoted(key) : `"${keyText(key)}"`;
  return `${name}: ${jsonItem(member)}`;
}

function keyText(key: unknown): string {
  if (typeof key === "object" && key !== null && numberChoiceOf(key) === undefined) {
    throw new RangeError("it has a key that is neither text nor number, which JSON cannot hold");
  }
  return jsonItem(key);
}

function jsonFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  return Number.isFinite(value) ? pythonFloat(value) : value > 0 ? "Infinity" : "-Infinity";
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(/[\u007f-\uffff]/g, (unit) =>
    // Python leaves DEL as it is.
    unit === "\u007f" ? unit : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
