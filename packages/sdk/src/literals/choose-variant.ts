import type { LiteralType } from "../task.ts";
import { variantChoiceOf } from "./choice.ts";
import { exactFit, fit, noFit } from "./fit.ts";
import type { LiteralTarget } from "./literal-target.ts";
import { refusal } from "./place.ts";
import { listTexts, typeKind, typeName, typeTag } from "./type-name.ts";
import { describeValue } from "./value-kind.ts";

/** A variant of a union and the value to write as it. */
export interface Chosen {
  readonly variant: LiteralType;
  readonly value: unknown;
}

/**
 * Chooses the variant of a union for a value: the one named by `variant()`, else the one that it fits best.
 *
 * @throws AgentError `invalid_output` or `invalid_input` if none fits, or two fit equally well.
 */
export function chooseVariant(target: LiteralTarget, value: unknown, union: LiteralType): Chosen {
  const { place } = target;
  // Callers pass unions only.
  const variants = union.type.case === "unionType" ? union.type.value.variants : [];
  const choice = variantChoiceOf(value);
  if (choice !== undefined) {
    const named = variants.find((variant) => typeTag(variant) === choice.tag);
    if (named !== undefined) return { variant: named, value: choice.value };
    throw refusal(place, `the union has no variant "${choice.tag}", it has ${listTexts(variants.map(nameOf))}`);
  }
  const fits = variants.map((variant) => ({ variant, fit: fit(value, variant, target, 0) }));
  for (let wanted = exactFit as number; wanted > noFit; wanted--) {
    const [first, second] = fits.filter((candidate) => candidate.fit === wanted);
    if (first === undefined) continue;
    if (second === undefined) return { variant: first.variant, value };
    const names = `${nameOf(first.variant)} and ${nameOf(second.variant)}`;
    throw refusal(
      place,
      `${describeValue(value)} fits ${names}: choose with variant("${nameOf(first.variant)}", value)`,
    );
  }
  // An optional value can mean one thing only, and writing it says where exactly it is wrong.
  const [only, another] = variants.filter((variant) => typeKind(variant) !== "NONE");
  if (only !== undefined && another === undefined && value !== null) return { variant: only, value };
  throw refusal(place, `expected ${typeName(union)}, got ${describeValue(value)}`);
}

function nameOf(variant: LiteralType): string {
  return typeTag(variant) || typeName(variant);
}
