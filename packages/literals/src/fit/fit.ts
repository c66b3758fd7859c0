import { maxDepth } from "../plain/max-depth.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { knownShape } from "../types/struct-shape.ts";
import { typeKind, typeTag, variantsOf } from "../types/type-name.ts";
import { variantsNamed } from "../types/variant-name.ts";
import { hashChoiceOf, numberChoiceOf, variantChoiceOf } from "../values/choice.ts";
import { epochNanosecondsOf } from "../values/instant.ts";
import { isPickledDict, taggedOf } from "../values/tagged-value.ts";
import { itemsOf, membersOf, valueKind } from "../values/value-kind.ts";
import {
  best,
  closeFit,
  exactFit,
  type Fit,
  type FitContext,
  lenientFit,
  noFit,
  openFit,
  payComparisons,
  payLook,
  worst,
} from "./fit-level.ts";
import { fitShape } from "./fit-shape.ts";
import { fittingTagged, isTaggedKind } from "./fitting-tagged.ts";

/** Tells how well a value fits a declared type, without writing it. */
export function fit(context: FitContext, value: unknown, type: LiteralType, depth: number): Fit {
  if (depth > maxDepth) return noFit;
  payLook(context);
  const hash = hashChoiceOf(value);
  if (hash !== undefined) return fit(context, hash.value, type, depth + 1);
  const choice = variantChoiceOf(value);
  if (choice !== undefined) {
    return best(variantsNamed(type, choice.tag).map((variant) => fit(context, choice.value, variant, depth + 1)));
  }
  switch (type.type.case) {
    case "unionType":
      return best(variantsOf(type).map((variant) => fit(context, value, variant, depth + 1)));
    case "collectionType": {
      const member = type.type.value;
      const items = itemsOf(value);
      return items === undefined ? noFit : worst(items, (item) => fit(context, item, member, depth + 1));
    }
    case "mapValueType": {
      const member = type.type.value;
      const members = valueKind(value) === "STRUCT" ? membersOf(value) : undefined;
      if (members === undefined || members.some(([key]) => typeof key !== "string")) return noFit;
      return worst(members, ([, item]) => fit(context, item, member, depth + 1));
    }
    case "enumType":
      payComparisons(context, type.type.value.values.length);
      return typeof value === "string" && type.type.value.values.includes(value) ? closeFit : noFit;
    default:
      return fitSimple(context, value, type, depth);
  }
}

function fitSimple(context: FitContext, value: unknown, type: LiteralType, depth: number): Fit {
  const kind = valueKind(value, context.bigints);
  const declared = typeKind(type);
  if (isTaggedKind(declared)) return fitTagged(value, type);
  if (declared === "STRUCT") return fitStruct(context, value, type, depth);
  if (declared === "unknown") return openFit;
  if (declared === "DATETIME" && typeTag(type) === "date" && !isMidnight(value)) return noFit;
  if (declared === kind) return exactFit;
  switch (declared) {
    case "INTEGER":
      return Number.isSafeInteger(numberOf(value)) ? closeFit : noFit;
    case "FLOAT": {
      const number = numberOf(value);
      if (number === undefined) return noFit;
      return typeof number === "number" || BigInt(Number(number)) === number ? closeFit : noFit;
    }
    case "DATETIME":
      return typeof value !== "bigint" && epochNanosecondsOf(value) !== undefined ? lenientFit : noFit;
    default:
      return noFit;
  }
}

function fitTagged(value: unknown, type: LiteralType): Fit {
  const tagged = fittingTagged(value, type);
  if (tagged === undefined) return noFit;
  if (taggedOf(value) === undefined) return lenientFit;
  if (!("format" in tagged) || type.type.case !== "blob" || tagged.format === type.type.value.format) return exactFit;
  return tagged.format === "" || type.type.value.format === "" ? closeFit : lenientFit;
}

function fitStruct(context: FitContext, value: unknown, type: LiteralType, depth: number): Fit {
  const tagged = taggedOf(value);
  if (tagged !== undefined) return isPickledDict(tagged) ? exactFit : noFit;
  const shape = knownShape(context, type);
  if (!shape.isOpen) return fitShape(context, value, shape, depth + 1);
  return valueKind(value) === "STRUCT" ? openFit : noFit;
}

/** Flyte has no type of its own for a date: it is the midnight that starts it. */
function isMidnight(value: unknown): boolean {
  const nanoseconds = typeof value === "bigint" ? undefined : epochNanosecondsOf(value);
  return nanoseconds !== undefined && nanoseconds % 86_400_000_000_000n === 0n;
}

function numberOf(value: unknown): number | bigint | undefined {
  const number = numberChoiceOf(value)?.value ?? value;
  return typeof number === "number" || typeof number === "bigint" ? number : undefined;
}
