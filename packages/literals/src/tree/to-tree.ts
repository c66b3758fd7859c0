import { refusal, tooDeep } from "../place/place.ts";
import { bareObject } from "../plain/bare-object.ts";
import { inheritsNothing } from "../plain/inherits-nothing.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { isPlainObject } from "../plain/plain-object.ts";
import { itemShape, memberShape, type StructShape, textFormat } from "../types/struct-shape.ts";
import { wellFormed } from "../values/checked-text.ts";
import { float, hashChoiceOf, variantChoiceOf } from "../values/choice.ts";
import { beyondLongest, decimalSeconds, durationNanosecondsOf, isDurationInRange } from "../values/duration.ts";
import { epochNanosecondsOf, isInstantInRange, outsideYears } from "../values/instant.ts";
import { pythonIso, pythonSeconds } from "../values/python-iso.ts";
import { taggedOf } from "../values/tagged-value.ts";
import { describeValue, isBytes, itemsOf, keyText, membersOf, valueKind } from "../values/value-kind.ts";
import { keyIdentity, keyToTree } from "./key-to-tree.ts";
import { numberToTree } from "./number-to-tree.ts";
import { refuseMisfit } from "./refuse-misfit.ts";
import { taggedToTree } from "./tagged-to-tree.ts";
import type { TreeTarget } from "./tree-target.ts";
import type { TreeValue } from "./tree-value.ts";

/**
 * Converts a value to what msgpack or a Struct can hold, in the form that Python's serializers (mashumaro, pydantic)
 * write: numbers as the schema says, timestamps as ISO text.
 *
 * @throws LiteralError for what cannot be held.
 */
export function toTree(target: TreeTarget, value: unknown, shape: StructShape, depth: number): TreeValue {
  if (depth > maxDepth) throw tooDeep(target.place);
  const kind = valueKind(value);
  refuseMisfit(target.place, value, kind, shape);
  switch (kind) {
    case "NONE":
      return null;
    case "BOOLEAN":
      return value === true;
    case "STRING":
      return textToTree(target, String(value), shape);
    case "INTEGER":
    case "FLOAT":
      return numberToTree(target, value, shape);
    case "DATETIME":
      return momentToTree(target, value, shape);
    case "DURATION":
      return durationToTree(target, value, shape);
    case "list":
      return listToTree(target, value, shape, depth);
    case "STRUCT":
      return objectToTree(target, value, shape, depth);
    default: {
      if (isBytes(value) && target.form === "msgpack") return value;
      const tagged = taggedOf(value);
      const tree = tagged === undefined ? undefined : taggedToTree(target.place, tagged, shape);
      if (tree !== undefined) return tree;
    }
  }
  if (hashChoiceOf(value) !== undefined) {
    throw refusal(target.place, "withHash() is for whole literals, a member of a structure has no hash");
  }
  if (variantChoiceOf(value) !== undefined) {
    const instead = "a structure has none: int() and float() choose there";
    throw refusal(target.place, `variant() is for unions of literals, ${instead}`);
  }
  throw refusal(target.place, `expected a value that a structure can hold, got ${describeValue(value)}`);
}

function momentToTree(target: TreeTarget, value: unknown, shape: StructShape): TreeValue {
  const nanoseconds = epochNanosecondsOf(value);
  if (nanoseconds === undefined) throw refusal(target.place, `expected a timestamp, got ${describeValue(value)}`);
  if (!isInstantInRange(nanoseconds)) throw refusal(target.place, outsideYears);
  const text = pythonIso(nanoseconds);
  if (textFormat(shape) !== "date") return text;
  if (nanoseconds % nanosecondsPerDay === 0n) return text.slice(0, 10);
  throw refusal(
    target.place,
    `expected a date, got ${text}, which has a time of day: give midnight in UTC, or the text of the date`,
  );
}

const nanosecondsPerDay = 86_400_000_000_000n;

/** Python reads more forms than RFC 3339 has, but all begin with a year. */
function textToTree({ place }: TreeTarget, text: string, shape: StructShape): string {
  const format = textFormat(shape);
  const isMoment = format === "date" || format === "date-time";
  if (!isMoment || /^[+-]?\d{4}/.test(text)) return wellFormed(place, text);
  const [what, example] = format === "date" ? ["a date", "2026-11-24"] : ["a timestamp", "2026-11-24T08:00:00Z"];
  throw refusal(place, `expected ${what}, got ${describeValue(text)}: write it as in ${example}`);
}

/** Pydantic writes ISO 8601 text, mashumaro seconds. */
function durationToTree(target: TreeTarget, value: unknown, shape: StructShape): TreeValue {
  const nanoseconds = durationNanosecondsOf(value);
  if (nanoseconds === undefined) throw refusal(target.place, `expected a duration, got ${describeValue(value)}`);
  if (!isDurationInRange(nanoseconds)) throw refusal(target.place, beyondLongest);
  if (textFormat(shape) !== "duration") return float(pythonSeconds(nanoseconds));
  // Python counts microseconds.
  const magnitude = (nanoseconds < 0n ? -nanoseconds : nanoseconds) / 1000n;
  return `${nanoseconds < 0n ? "-" : ""}PT${decimalSeconds(magnitude * 1000n)}S`;
}

function listToTree(target: TreeTarget, value: unknown, shape: StructShape, depth: number): TreeValue {
  const { segments } = target.place;
  const items = itemsOf(value) ?? [];
  const length = shape.tupleLength;
  if (length !== undefined && items.length !== length) {
    throw refusal(target.place, `expected a tuple of ${length}, got ${describeValue(value)}`);
  }
  const slot = segments.push(0) - 1;
  const converted = new Array<TreeValue>(items.length);
  // By index, which also visits the holes that `map` and `forEach` skip.
  for (let index = 0; index < items.length; index++) {
    segments[slot] = index;
    const member = length === undefined ? itemShape(shape, index) : memberShape(shape, `item_${index}`);
    converted[index] = toTree(target, items[index], member, depth + 1);
  }
  segments.pop();
  if (length === undefined) return converted;
  return Object.fromEntries(converted.map((item, index) => [`item_${index}`, item]));
}

function objectToTree(target: TreeTarget, value: unknown, shape: StructShape, depth: number): TreeValue {
  const message = flyteMessageName(value);
  if (message !== undefined) {
    const instead = "give the value that is in task.inputs";
    throw refusal(target.place, `a ${message} cannot stand inside a structure: ${instead}`);
  }
  const { segments } = target.place;
  const slot = segments.push("") - 1;
  // Keys that are numbers take a Map: an object would make text of them.
  const members =
    isPlainObject(value) && (shape.keyKind === undefined || target.form === "struct")
      ? membersToTree(target, value, shape, depth, slot)
      : entriesToTree(target, membersOf(value) ?? [], shape, depth, slot);
  segments.pop();
  return members;
}

/** The name of a message of Flyte's IDL, whose members would make a structure as well as any. */
function flyteMessageName(value: unknown): string | undefined {
  if (!isPlainObject(value) || !("$typeName" in value) || inheritsNothing(value)) return undefined;
  const { $typeName: name } = value;
  return typeof name === "string" && /^flyteidl2?\./.test(name) ? name : undefined;
}

// As JSON and msgpack libraries do, both take a member that is undefined for one that is not there.

function membersToTree(
  target: TreeTarget,
  value: Readonly<Record<string, unknown>>,
  shape: StructShape,
  depth: number,
  slot: number,
): TreeValue {
  const { segments } = target.place;
  // Keys that look like numbers come first in an object, as they did in the one that they are taken from.
  const object = bareObject<TreeValue>();
  for (const key of Object.keys(value)) {
    segments[slot] = key;
    const member = value[key];
    if (member === undefined) continue;
    object[wellFormed(target.place, key)] = toTree(target, member, memberShape(shape, key), depth + 1);
  }
  return object;
}

function entriesToTree(
  target: TreeTarget,
  entries: readonly (readonly [unknown, unknown])[],
  shape: StructShape,
  depth: number,
  slot: number,
): TreeValue {
  const { segments } = target.place;
  const map = new Map<TreeValue, TreeValue>();
  const known = new Set<string>();
  const kind = target.form === "struct" ? undefined : shape.keyKind;
  for (const [key, member] of entries) {
    const text = keyText(key);
    segments[slot] = text;
    if (member === undefined) continue;
    const written = keyToTree(target, key, kind);
    if (typeof written !== "string") {
      const identity = keyIdentity(written);
      if (known.has(identity)) throw refusal(target.place, "another key of the map is the same to Python");
      known.add(identity);
    }
    map.set(written, toTree(target, member, memberShape(shape, text), depth + 1));
  }
  return map;
}
