import type { JsonValue } from "../plain/json-value.ts";
import { maxDepth } from "../plain/max-depth.ts";
import { maxAlternatives, type SchemaAlternative } from "../types/schema-alternatives.ts";
import {
  type Alternative,
  itemShape,
  memberShape,
  type StructShape,
  type TypeAlternative,
} from "../types/struct-shape.ts";
import { typeKind } from "../types/type-name.ts";
import { parseIsoDuration } from "../values/duration.ts";
import { parseRfc3339 } from "../values/instant.ts";
import { isPickledDict, type TaggedValue, taggedOf } from "../values/tagged-value.ts";
import { isBytes, itemsOf, keyText, membersOf, valueKind } from "../values/value-kind.ts";
import {
  best,
  closeFit,
  exactFit,
  type Fit,
  type FitContext,
  lenientFit,
  noFit,
  payComparisons,
  payLook,
  worst,
} from "./fit-level.ts";

/** Tells how well a value fits into a structure where this shape is expected: by its keys and all values in it. */
export function fitShape(context: FitContext, value: unknown, shape: StructShape, depth: number): Fit {
  if (depth > maxDepth) return noFit;
  payLook(context);
  // Where the schema says nothing, nothing speaks against the value.
  if (shape.alternatives.length === 0) return exactFit;
  return best(shape.alternatives.map((alternative) => fitAlternative(context, value, shape, alternative, depth)));
}

function fitAlternative(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  alternative: Alternative,
  depth: number,
): Fit {
  if (alternative.schema === undefined) return fitType(context, value, shape, alternative, depth);
  const { schema } = alternative;
  if ("const" in schema) return isSame(value, schema.const) ? exactFit : noFit;
  const { enum: listed, type = "properties" in schema ? "object" : undefined } = schema;
  if (Array.isArray(listed)) {
    payComparisons(context, listed.length);
    if (listed.filter((one) => isSame(value, one)).length > 0) return closeFit;
    // Flyte 2 declares the values of an IntEnum, and writes its names.
    return type === "integer" && typeof value === "string" ? lenientFit : noFit;
  }
  if (Array.isArray(type)) {
    const names = type.slice(0, maxAlternatives);
    return best(names.map((name) => fitNamed(context, value, shape, alternative, name, depth)));
  }
  return fitNamed(context, value, shape, alternative, type, depth);
}

/** @param type what the schema calls it, which may name several. */
function fitNamed(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  alternative: SchemaAlternative,
  type: JsonValue | undefined,
  depth: number,
): Fit {
  const { schema } = alternative;
  const kind = valueKind(value, context.bigints);
  switch (type) {
    case "string":
      return fitText(value, schema.format);
    case "integer":
      return kind === "INTEGER" ? exactFit : kind === "FLOAT" && Number.isSafeInteger(Number(value)) ? closeFit : noFit;
    case "number":
      if (kind === "DURATION") return schema.format === "time-delta" ? exactFit : noFit;
      return kind === "FLOAT" ? exactFit : kind === "INTEGER" ? closeFit : noFit;
    case "boolean":
      return kind === "BOOLEAN" ? exactFit : noFit;
    case "null":
      return kind === "NONE" ? exactFit : noFit;
    case "array":
      return fitItems(context, value, shape, alternative, depth);
    case "object":
      return fitObject(context, value, shape, alternative, depth);
    default:
      return exactFit;
  }
}

/** Texts with a format are timestamps and durations, as themselves or as text; bytes are text for pydantic. */
function fitText(value: unknown, format: unknown): Fit {
  const isMoment = format === "date-time" || format === "date";
  if (typeof value === "string") {
    if (isMoment) return parseRfc3339(value, "utc") === undefined ? lenientFit : exactFit;
    if (format === "duration") return parseIsoDuration(value) === undefined ? lenientFit : exactFit;
    return exactFit;
  }
  const kind = valueKind(value);
  if (kind === "DATETIME") return isMoment ? exactFit : noFit;
  if (kind === "DURATION") return format === "duration" ? exactFit : noFit;
  return isBytes(value) && (format === "base64" || format === "binary") ? exactFit : noFit;
}

function fitItems(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  { schema }: SchemaAlternative,
  depth: number,
): Fit {
  const items = isBytes(value) ? undefined : itemsOf(value);
  if (items === undefined) return noFit;
  const { prefixItems } = schema;
  if (Array.isArray(prefixItems) && schema.items === undefined && prefixItems.length !== items.length) return noFit;
  return worst(items, (item, index) => fitShape(context, item, itemShape(shape, index), depth + 1));
}

function fitObject(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  { keys, required }: SchemaAlternative,
  depth: number,
): Fit {
  const tagged = taggedOf(value);
  if (tagged !== undefined) return keys.has(addressKey(tagged)) ? exactFit : noFit;
  const length = shape.tupleLength;
  const items = length === undefined ? undefined : itemsOf(value);
  if (items !== undefined) {
    if (items.length !== length) return noFit;
    return worst(items, (item, index) => fitShape(context, item, memberShape(shape, `item_${index}`), depth + 1));
  }
  return fitMembers(context, value, shape, keys, required, depth);
}

/**
 * Keys that are missing or too many are not refused, but everything else is more likely meant; none at all of the
 * declared ones, where some are required, is no fit.
 */
function fitMembers(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  declared: ReadonlySet<string>,
  required: ReadonlySet<string>,
  depth: number,
): Fit {
  const members = valueKind(value) === "STRUCT" ? membersOf(value) : undefined;
  if (members === undefined) return noFit;
  const fit = worst(members, ([key, member]) => {
    // A member that is undefined is not there.
    if (member === undefined) return exactFit;
    return fitShape(context, member, memberShape(shape, keyText(key)), depth + 1);
  });
  if (fit === noFit || declared.size === 0) return fit;
  const keys = new Set(members.map(([key]) => keyText(key)));
  const isWhole = hasAll(keys, required);
  const known = [...keys].filter((key) => declared.has(key));
  if (isWhole && known.length === keys.size) return fit;
  return isWhole || known.length > 0 ? lenientFit : noFit;
}

/** What `structure.dataclass_type` says is not always so: it is wrong for sets, bytes, Any, dates and tuples. */
function fitType(
  context: FitContext,
  value: unknown,
  shape: StructShape,
  { type, keys }: TypeAlternative,
  depth: number,
): Fit {
  const kind = valueKind(value, context.bigints);
  const declared = typeKind(type);
  switch (declared) {
    case "INTEGER":
    case "FLOAT":
      if (kind === declared) return exactFit;
      return kind === "INTEGER" || kind === "FLOAT" ? closeFit : noFit;
    case "STRING":
    case "BOOLEAN":
    case "NONE":
      return kind === declared ? exactFit : noFit;
    case "enum":
      return kind === "STRING" ? closeFit : noFit;
    case "list":
      return itemsOf(value) === undefined
        ? noFit
        : worst(itemsOf(value) ?? [], (item, index) => fitShape(context, item, itemShape(shape, index), depth + 1));
    case "map":
      return fitMembers(context, value, shape, noKeys, noKeys, depth);
    case "STRUCT":
      return isPickledDict(taggedOf(value)) ? exactFit : fitMembers(context, value, shape, keys, noKeys, depth);
    default:
      return exactFit;
  }
}

const noKeys: ReadonlySet<string> = new Set();

/** Stops at the first that is missing, so that it takes no longer than there are keys. */
function hasAll(keys: ReadonlySet<string>, required: ReadonlySet<string>): boolean {
  for (const key of required) {
    if (!keys.has(key)) return false;
  }
  return true;
}

/** The member that is the address of a file or a table inside a structure. */
function addressKey(tagged: TaggedValue): string {
  if ("opaque" in tagged || tagged.kind === "error") return "";
  return tagged.kind === "blob" ? "path" : tagged.kind === "schema" ? "remote_path" : "uri";
}

/** Numbers of a schema come as floats, whatever they were. */
function isSame(value: unknown, listed: unknown): boolean {
  return value === listed || (typeof value === "bigint" && typeof listed === "number" && Number(value) === listed);
}
