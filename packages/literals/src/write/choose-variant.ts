import { fit } from "../fit/fit.ts";
import { best } from "../fit/fit-level.ts";
import { quoteCut, refusal } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import { listTexts, typeKind, typeName } from "../types/type-name.ts";
import { directVariants, variantName, variantsNamed } from "../types/variant-name.ts";
import { variantChoiceOf } from "../values/choice.ts";
import { describeValue } from "../values/value-kind.ts";
import type { LiteralTarget } from "./literal-target.ts";

/** A variant of a union and the value to write as it. */
export interface Chosen {
  readonly variant: LiteralType;
  readonly value: unknown;
}

/**
 * Chooses the variant of a union for a value: the one named by `variant()`, else the one that it fits best.
 *
 * @throws LiteralError if none fits, or two fit equally well.
 */
export function chooseVariant(target: LiteralTarget, value: unknown, union: LiteralType): Chosen {
  const choice = variantChoiceOf(value);
  if (choice === undefined) return { variant: chooseAmong(target, value, union, directVariants(union)), value };
  const named = variantsNamed(union, choice.tag);
  if (named.length > 0) return { variant: chooseAmong(target, choice.value, union, named), value: choice.value };
  if (typeof choice.tag !== "string") {
    throw refusal(target.place, `variant() takes the name of a variant, got ${describeValue(choice.tag)}`);
  }
  const names = listTexts(directVariants(union).map((variant) => variantName(variant, union)));
  throw refusal(target.place, `the union has no variant ${quoteCut(choice.tag)}, it has ${names}`);
}

function chooseAmong(
  target: LiteralTarget,
  value: unknown,
  union: LiteralType,
  variants: readonly LiteralType[],
): LiteralType {
  // A value that can mean one thing only need not be looked at, and writing it says where exactly it is wrong.
  const meant = variants.length === 1 ? variants : variants.filter((variant) => typeKind(variant) !== "NONE");
  if (meant[0] !== undefined && meant.length === 1 && value !== null) return meant[0];
  const fits = variants.map((variant) => fit(target, value, variant, 0));
  const highest = best(fits);
  const [first, second] = highest === 0 ? [] : variants.filter((_variant, index) => fits[index] === highest);
  if (first === undefined) throw refusal(target.place, `expected ${typeName(union)}, got ${describeValue(value)}`);
  if (second === undefined) return first;
  const names = [first, second].map((variant) => variantName(variant, union));
  const hint = `choose with variant(${JSON.stringify(names[0])}, value)`;
  throw refusal(target.place, `${describeValue(value)} fits ${names.join(" and ")}: ${hint}`);
}
