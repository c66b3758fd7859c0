import type { LiteralType } from "../task.ts";
import { hashChoiceOf, numberChoiceOf } from "./choice.ts";
import { epochNanosecondsOf } from "./instant.ts";
import { type LiteralTarget, writtenShape } from "./literal-target.ts";
import { maxDepth } from "./place.ts";
import { keysFit, type StructShape, tupleLength } from "./struct-shape.ts";
import { isPickledDict, taggedOf } from "./tagged-value.ts";
import { lookPrice, payTrial } from "./trial-budget.ts";
import { typeKind, variantsOf } from "./type-name.ts";
import { itemsOf, keyText, membersOf, valueKind } from "./value-kind.ts";
import { fittingTagged } from "./write-tagged.ts";

/** How well a value fits a type; a union takes the best, and refuses where two are best. */
export type Fit = 0 | 1 | 2 | 3;

/** It does not. */
export const noFit: Fit = 0;
/** After a conversion, for example a whole number as FLOAT. */
export const lenientFit: Fit = 1;
/** As it is, but another type is meant more likely: text as an enum, an object as a structure without schema. */
export const possibleFit: Fit = 2;
/** It is the form that the type is handed out in. */
export const exactFit: Fit = 3;

/** Tells how well a value fits a declared type, without writing it. */
export function fit(value: unknown, type: LiteralType, target: LiteralTarget, depth: number): Fit {
  if (depth > maxDepth) return noFit;
  payTrial(target.trials, target.place, lookPrice);
  const hash = hashChoiceOf(value);
  if (hash !== undefined) return fit(hash.value, type, target, depth + 1);
  const kind = valueKind(value);
  switch (type.type.case) {
    case "unionType":
      return best(variantsOf(type).map((variant) => fit(value, variant, target, depth + 1)));
    case "collectionType": {
      const member = type.type.value;
      const items = itemsOf(value);
      return items === undefined ? noFit : worst(items, (item) => fit(item, member, target, depth + 1));
    }
    case "mapValueType": {
      const member = type.type.value;
      const members = kind === "STRUCT" ? membersOf(value) : undefined;
      if (members === undefined || members.some(([key]) => typeof key !== "string")) return noFit;
      return worst(members, ([, item]) => fit(item, member, target, depth + 1));
    }
    case "enumType":
      return typeof value === "string" && type.type.value.values.includes(value) ? possibleFit : noFit;
    default:
      return fitSimple(value, type, target);
  }
}

function fitSimple(value: unknown, type: LiteralType, target: LiteralTarget): Fit {
  const kind = valueKind(value, target.bigints);
  const declared = typeKind(type);
  if (declared === "STRUCT") return fitStruct(value, writtenShape(target, type));
  switch (declared) {
    case "blob":
    case "schema":
    case "structured dataset":
    case "ERROR":
    case "BINARY":
      return fitTagged(value, type);
    default:
      if (declared === kind && declared !== "unknown") return exactFit;
  }
  switch (declared) {
    case "INTEGER":
      return Number.isSafeInteger(numberOf(value)) ? lenientFit : noFit;
    case "FLOAT": {
      const number = numberOf(value);
      if (number === undefined) return noFit;
      return typeof number === "number" || BigInt(Number(number)) === number ? lenientFit : noFit;
    }
    case "DATETIME":
      return typeof value === "string" && epochNanosecondsOf(value) !== undefined ? lenientFit : noFit;
    case "unknown":
      return lenientFit;
    default:
      return noFit;
  }
}

function fitTagged(value: unknown, type: LiteralType): Fit {
  const tagged = fittingTagged(value, type);
  if (tagged === undefined) return noFit;
  if (taggedOf(value) === undefined) return lenientFit;
  if (!("format" in tagged) || type.type.case !== "blob" || tagged.format === type.type.value.format) return exactFit;
  return tagged.format === "" || type.type.value.format === "" ? possibleFit : lenientFit;
}

function fitStruct(value: unknown, shape: StructShape): Fit {
  const length = tupleLength(shape);
  if (length !== undefined) return itemsOf(value)?.length === length ? exactFit : noFit;
  if (isPickledDict(taggedOf(value))) return exactFit;
  const members = valueKind(value) === "STRUCT" ? membersOf(value) : undefined;
  if (members === undefined) return noFit;
  switch (
    keysFit(
      shape,
      members.map(([key]) => keyText(key)),
    )
  ) {
    case "exact":
      return exactFit;
    case "unknown":
      return possibleFit;
    default:
      return lenientFit;
  }
}

function numberOf(value: unknown): number | bigint | undefined {
  const number = numberChoiceOf(value)?.value ?? value;
  return typeof number === "number" || typeof number === "bigint" ? number : undefined;
}

function best(fits: readonly Fit[]): Fit {
  return [exactFit, possibleFit, lenientFit].find((wanted) => fits.includes(wanted)) ?? noFit;
}

function worst<Item>(items: readonly Item[], fitOf: (item: Item) => Fit): Fit {
  let result: Fit = exactFit;
  for (const item of items) {
    const itemFit = fitOf(item);
    if (itemFit === noFit) return noFit;
    if (itemFit < result) result = itemFit;
  }
  return result;
}
