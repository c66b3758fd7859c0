import { quoteCut } from "../place/place.ts";
import { isPlainObject } from "../plain/plain-object.ts";
import type { TypeKind } from "../types/type-name.ts";
import { type ChosenValue, choiceKind, choiceOf, hashChoiceOf, numberChoiceOf, variantChoiceOf } from "./choice.ts";
import { durationNanosecondsOf } from "./duration.ts";
import { epochNanosecondsOf } from "./instant.ts";
import { isPickledDict, type TaggedKind, type TaggedValue, taggedOf } from "./tagged-value.ts";

/**
 * What a value is when nothing is declared, in the words of types; bytes and class instances are `"unknown"`.
 *
 * @param bigints whether only bigint is an INTEGER, and every number a FLOAT.
 */
export function valueKind(value: unknown, bigints = false): TypeKind {
  switch (typeof value) {
    case "string":
      return "STRING";
    case "boolean":
      return "BOOLEAN";
    case "bigint":
      return "INTEGER";
    case "number":
      return !bigints && Number.isSafeInteger(value) && !Object.is(value, -0) ? "INTEGER" : "FLOAT";
    case "object":
      return value === null ? "NONE" : objectKind(value);
    default:
      return "unknown";
  }
}

const taggedKinds: Readonly<Record<Exclude<TaggedKind, "opaque">, TypeKind>> = {
  blob: "blob",
  structured_dataset: "structured dataset",
  schema: "schema",
  error: "ERROR",
};

function objectKind(value: object): TypeKind {
  const choice = choiceOf(value);
  if (choice !== undefined) return choiceTypeKind(choice);
  const tagged = taggedOf(value);
  if (tagged !== undefined) return typeKindOf(tagged);
  if (Array.isArray(value)) return "list";
  if (ArrayBuffer.isView(value)) return isBytes(value) ? "unknown" : "list";
  if (isMap(value) || isPlainObject(value)) return "STRUCT";
  return momentKind(value);
}

function choiceTypeKind(choice: ChosenValue): TypeKind {
  const kind = choiceKind(choice);
  if (kind === "float") return "FLOAT";
  return kind === "integer" ? "INTEGER" : "unknown";
}

function typeKindOf(tagged: TaggedValue): TypeKind {
  if (!("opaque" in tagged)) return taggedKinds[tagged.kind] ?? "unknown";
  if ("bytes" in tagged) return "BINARY";
  return isPickledDict(tagged) ? "STRUCT" : "blob";
}

function momentKind(value: object): TypeKind {
  if (epochNanosecondsOf(value) !== undefined) return "DATETIME";
  return durationNanosecondsOf(value) === undefined ? "unknown" : "DURATION";
}

/** Tells whether a value is a Map of any realm. */
export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return Object.prototype.toString.call(value) === "[object Map]";
}

/** Tells whether a value is bytes: a Uint8Array, among them Node's Buffer. */
export function isBytes(value: unknown): value is Uint8Array {
  return Object.prototype.toString.call(value) === "[object Uint8Array]";
}

/** The items of an array or a typed array; `undefined` for everything else. */
export function itemsOf(value: unknown): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value;
  if (!ArrayBuffer.isView(value) || Object.prototype.toString.call(value) === "[object DataView]") return undefined;
  // Every view but a DataView is a typed array, which is iterable.
  return Array.from(value as unknown as Iterable<number | bigint>);
}

/** The members of a plain object or of a Map; `undefined` for everything else. */
export function membersOf(value: unknown): readonly (readonly [unknown, unknown])[] | undefined {
  if (isMap(value)) return [...value];
  return isPlainObject(value) && taggedOf(value) === undefined ? Object.entries(value) : undefined;
}

/** The key of a Map as it stands in a path. */
export function keyText(key: unknown): string {
  return typeof key === "object" || typeof key === "function" ? describeValue(key) : String(key);
}

/** A value in an error message: its kind, and its text if that is short to say, cut to 32 characters. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "undefined":
      return "undefined (null means NONE)";
    case "string":
      return `string ${quoteCut(value)}`;
    case "number":
    case "boolean":
      return `${typeof value} ${value}`;
    case "bigint": {
      const digits = value.toString();
      return `bigint ${digits.length > 32 ? `${digits.slice(0, 31)}…` : digits}`;
    }
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return `a ${typeof value}`;
  }
}

function describeObject(value: object): string {
  const number = numberChoiceOf(value);
  if (number !== undefined) return `${choiceKind(number) === "float" ? "float" : "int"}(${argumentText(number.value)})`;
  const variant = variantChoiceOf(value);
  if (variant !== undefined) return `variant(${argumentText(variant.tag)})`;
  if (hashChoiceOf(value) !== undefined) return "withHash(…)";
  const tagged = taggedOf(value);
  if (tagged !== undefined) return describeTagged(tagged);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isPlainObject(value)) return "an object";
  const name = Object.prototype.toString.call(value).slice(8, -1);
  if (name === "Date" && Number.isNaN(Number(value))) return "an invalid Date";
  if (name !== "Object") return `${/^[AEIO]/.test(name) ? "an" : "a"} ${name}`;
  if (epochNanosecondsOf(value) !== undefined) return "a timestamp";
  return durationNanosecondsOf(value) === undefined ? "an instance of a class" : "a duration";
}

/** What a builder was given, which plain JavaScript does not check. */
function argumentText(argument: unknown): string {
  if (typeof argument === "string") return quoteCut(argument);
  return typeof argument === "number" || typeof argument === "bigint" ? String(argument) : describeValue(argument);
}

function describeTagged(tagged: TaggedValue): string {
  if ("opaque" in tagged) return "an opaque value";
  if (tagged.kind === "blob") return tagged.dimensionality === "single" ? "a file" : "a directory";
  return `a value of kind ${tagged.kind}`;
}
