import { fit } from "../fit/fit.ts";
import { noFit, openFit } from "../fit/fit-level.ts";
import { conversionPrice, failurePrice, payTrial } from "../fit/trial-budget.ts";
import { refusal, tooDeep } from "../place/place.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { isPlainObject } from "../plain/plain-object.ts";
import type { TreeForm } from "../tree/tree-target.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { itemShape, knownShape, memberShape, type StructShape } from "../types/struct-shape.ts";
import { typeKind, typeName, variantsOf } from "../types/type-name.ts";
import { duration, isDurationInRange, parseIsoDuration } from "../values/duration.ts";
import type { FlyteValue } from "../values/flyte-value.ts";
import { instant, isInstantInRange, parseRfc3339 } from "../values/instant.ts";
import { directory, file, pickleFormat, schema, structuredDataset } from "../values/tagged-value.ts";
import { isMap, keyText } from "../values/value-kind.ts";
import { payContainer, tooManyContainers } from "../wire/container-budget.ts";
import type { LiteralSource } from "./literal-source.ts";
import { isInt64 } from "./read-primitive.ts";

/**
 * Converts what came out of msgpack or a Struct to the declared type. FlytePropeller may send a part of a structure
 * for an input of any type, and flytekit writes lists and maps so.
 */
export function fromTree(
  source: LiteralSource,
  tree: FlyteValue,
  form: TreeForm,
  type: LiteralType | undefined,
  depth: number,
): FlyteValue {
  if (depth > maxDepth) throw tooDeep(source.place);
  if (source.trials.unions > 0) payTrial(source.trials, source.place, conversionPrice);
  switch (type?.type.case) {
    case "collectionType": {
      const member = type.type.value;
      if (!isArray(tree)) break;
      return inside(source, tree, (item) => fromTree(source, item, form, member, depth + 1));
    }
    case "mapValueType": {
      const member = type.type.value;
      if (!isObject(tree)) break;
      return insideObject(source, tree, (value) => fromTree(source, value, form, member, depth + 1));
    }
    case "unionType":
      return fromTreeOfUnion(source, tree, form, type, depth);
    case "enumType":
      if (typeof tree === "string") return tree;
      break;
    case "blob":
    case "schema":
    case "structuredDatasetType": {
      const value = isObject(tree) ? taggedFromTree(tree, type) : undefined;
      if (value !== undefined) return value;
      break;
    }
    default: {
      const value = simpleFromTree(source, tree, form, type, depth);
      if (value !== undefined) return value;
    }
  }
  throw refusal(source.place, `expected ${typeName(type)}, got ${treeKind(tree)} in ${form}`);
}

function simpleFromTree(
  source: LiteralSource,
  tree: FlyteValue,
  form: TreeForm,
  type: LiteralType | undefined,
  depth: number,
): FlyteValue | undefined {
  switch (typeKind(type)) {
    case "INTEGER":
      return integerFromTree(source, tree);
    case "FLOAT":
      return typeof tree === "number" || typeof tree === "bigint" ? Number(tree) : undefined;
    case "STRING":
      return typeof tree === "string" ? tree : undefined;
    case "BOOLEAN":
      return typeof tree === "boolean" ? tree : undefined;
    case "NONE":
      return tree === null ? null : undefined;
    case "DATETIME":
      return datetimeFromTree(tree);
    case "DURATION":
      // Of a number of one byte, it makes an object.
      if (!payContainer(source.containers)) throw refusal(source.place, tooManyContainers);
      return durationFromTree(tree);
    case "STRUCT":
    case "unknown":
      return applyShape(source, tree, form, knownShape(source, type), depth);
    default:
      return undefined;
  }
}

function integerFromTree(source: LiteralSource, tree: FlyteValue): FlyteValue | undefined {
  if (typeof tree === "bigint") return tree;
  if (typeof tree !== "number" || !isInt64(tree)) return undefined;
  // Adding 0 makes a 0 of -0.
  return source.bigints || !Number.isSafeInteger(tree) ? BigInt(tree) : tree + 0;
}

/** ISO text, as mashumaro and pydantic write a datetime; without an offset it means UTC, as everywhere in flytekit. */
function datetimeFromTree(tree: FlyteValue): FlyteValue | undefined {
  const nanoseconds = typeof tree === "string" ? parseRfc3339(tree, "utc") : undefined;
  return nanoseconds !== undefined && isInstantInRange(nanoseconds) ? instant(nanoseconds) : undefined;
}

/** Seconds from mashumaro, ISO 8601 text from pydantic. */
function durationFromTree(tree: FlyteValue): FlyteValue | undefined {
  if (typeof tree === "string") {
    const nanoseconds = parseIsoDuration(tree);
    return nanoseconds !== undefined && isDurationInRange(nanoseconds) ? duration(nanoseconds) : undefined;
  }
  if (typeof tree === "bigint") return durationFromTree(Number(tree));
  if (typeof tree !== "number" || !Number.isFinite(tree) || Math.abs(tree) > 3e11) return undefined;
  // Python counts microseconds, which a float of seconds rounds.
  return duration(BigInt(Math.trunc(tree)) * 1_000_000_000n + BigInt(Math.round((tree % 1) * 1e6)) * 1000n);
}

function fromTreeOfUnion(
  source: LiteralSource,
  tree: FlyteValue,
  form: TreeForm,
  union: LiteralType,
  depth: number,
): FlyteValue {
  const { length } = source.place.segments;
  for (const variant of byFit(source, tree, variantsOf(union))) {
    source.trials.unions++;
    try {
      return fromTree(source, tree, form, variant, depth);
    } catch (error) {
      if (source.trials.left < 0) throw error;
      // Not this variant; the attempt may have stopped somewhere inside.
      source.place.segments.length = length;
      payTrial(source.trials, source.place, failurePrice);
    } finally {
      source.trials.unions--;
    }
  }
  throw refusal(source.place, `expected ${typeName(union)}, got ${treeKind(tree)} in ${form}`);
}

/** The variants of a union, first those that the tree fits best; that of an optional value is not looked at. */
function byFit(source: LiteralSource, tree: FlyteValue, variants: readonly LiteralType[]): readonly LiteralType[] {
  if (variants.filter((variant) => typeKind(variant) !== "NONE").length < 2) return variants;
  const ranked = variants.map((variant) => ({ variant, rank: rankOf(source, tree, variant) }));
  return ranked.sort((left, right) => right.rank - left.rank).map(({ variant }) => variant);
}

function rankOf(source: LiteralSource, tree: FlyteValue, variant: LiteralType): number {
  switch (typeKind(variant)) {
    case "blob":
    case "schema":
    case "structured dataset":
      // Inside structures they are objects, which a structure without schema would take, too.
      return isObject(tree) && taggedFromTree(tree, variant) !== undefined ? openFit + 0.5 : noFit;
    case "enum":
      // A string that is not listed is taken, since the generations list different ones, but last of all.
      return fit(source, tree, variant, 0) || -1;
    default:
      return fit(source, tree, variant, 0);
  }
}

/** Files and tables inside structures, in the forms that `taggedToTree` writes. */
function taggedFromTree(tree: TreeObject, { type }: LiteralType): FlyteValue | undefined {
  const uri = textOf(tree.uri ?? tree.path ?? tree.remote_path);
  if (uri === undefined) return undefined;
  const hash = textOf(tree.hash);
  const metadata = textsOf(tree.metadata);
  const details = {
    format: textOf(tree.format ?? tree.file_format) ?? "",
    ...(hash === undefined ? {} : { hash }),
    ...(metadata === undefined ? {} : { metadata }),
  };
  if (type.case === "schema") return schema(uri, details);
  if (type.case === "structuredDatasetType") return structuredDataset(uri, details);
  if (type.case !== "blob" || type.value.format === pickleFormat) return undefined;
  return type.value.dimensionality === 0 ? file(uri, details) : directory(uri, details);
}

/** Gives integers of a Struct and tuples of Flyte 2 their form; everything else stays as on the wire. */
function applyShape(
  source: LiteralSource,
  tree: FlyteValue,
  form: TreeForm,
  shape: StructShape,
  depth: number,
): FlyteValue {
  const restoresIntegers = form === "struct" && source.bigints && shape.alternatives.length > 0;
  if (!restoresIntegers && !shape.hasTuples) return tree;
  if (depth > maxDepth) throw tooDeep(source.place);
  if (typeof tree === "number") {
    const isInteger = restoresIntegers && shape.numberKind === "integer" && Number.isInteger(tree);
    return isInteger ? BigInt(tree) : tree;
  }
  if (isArray(tree))
    return tree.map((item, index) => applyShape(source, item, form, itemShape(shape, index), depth + 1));
  if (isMap(tree)) {
    const shaped = (key: FlyteValue, value: FlyteValue): FlyteValue =>
      applyShape(source, value, form, memberShape(shape, keyText(key)), depth + 1);
    return new Map([...tree].map(([key, value]) => [key, shaped(key, value)]));
  }
  if (!isObject(tree)) return tree;
  const object: { [key: string]: FlyteValue } = Object.create(null);
  for (const [key, value] of Object.entries(tree)) {
    object[key] = applyShape(source, value, form, memberShape(shape, key), depth + 1);
  }
  const length = shape.tupleLength;
  if (length === undefined || Object.keys(object).length !== length) return object;
  return Array.from({ length }, (_, index) => object[`item_${index}`] ?? null);
}

type TreeObject = { readonly [key: string]: FlyteValue };

function isArray(tree: FlyteValue): tree is readonly FlyteValue[] {
  return Array.isArray(tree);
}

function isObject(tree: FlyteValue): tree is TreeObject {
  return isPlainObject(tree);
}

function inside(
  source: LiteralSource,
  items: readonly FlyteValue[],
  convert: (item: FlyteValue) => FlyteValue,
): FlyteValue[] {
  const { segments } = source.place;
  const slot = segments.push(0) - 1;
  const converted = items.map((item, index) => {
    segments[slot] = index;
    return convert(item);
  });
  segments.pop();
  return converted;
}

function insideObject(source: LiteralSource, tree: TreeObject, convert: (value: FlyteValue) => FlyteValue): FlyteValue {
  const { segments } = source.place;
  const slot = segments.push("") - 1;
  const object: { [key: string]: FlyteValue } = Object.create(null);
  for (const [key, value] of Object.entries(tree)) {
    segments[slot] = key;
    object[key] = convert(value);
  }
  segments.pop();
  return object;
}

function textOf(value: FlyteValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(value: FlyteValue | undefined): Readonly<Record<string, string>> | undefined {
  if (value === undefined || !isObject(value)) return undefined;
  const texts = Object.entries(value).flatMap(([key, text]) =>
    typeof text === "string" ? [[key, text] as const] : [],
  );
  return texts.length === 0 ? undefined : Object.fromEntries(texts);
}

function treeKind(tree: FlyteValue): string {
  if (tree === null) return "nothing";
  if (isArray(tree)) return "a list";
  if (typeof tree === "object") return ArrayBuffer.isView(tree) ? "bytes" : "a map";
  if (typeof tree === "number") return Number.isSafeInteger(tree) ? "an integer" : "a float";
  return typeof tree === "bigint" ? "an integer" : `a ${typeof tree}`;
}
