import type { Place } from "../place/place.ts";
import type { LiteralType } from "../types/literal-type.ts";
import type { StructShape } from "../types/struct-shape.ts";
import { lookPrice, payTrial, type TrialBudget } from "./trial-budget.ts";

/** How well a value fits a type; a union takes the best, and refuses where two are best. */
export type Fit = 0 | 1 | 2 | 3 | 4;

/** It does not. */
export const noFit: Fit = 0;
/** If nothing else is meant: text for a timestamp, an object for a file, a structure whose keys are not all right. */
export const lenientFit: Fit = 1;
/** Nothing is known that it could contradict: an object as a structure without schema. */
export const openFit: Fit = 2;
/** With nothing lost: a whole number as FLOAT, text as an enum. */
export const closeFit: Fit = 3;
/** It is the form that the type is handed out in. */
export const exactFit: Fit = 4;

/** What it takes to find out. */
export interface FitContext {
  readonly place: Place;
  /** Only bigint is an INTEGER, and every number a FLOAT. */
  readonly bigints: boolean;
  readonly shapes: Map<LiteralType, StructShape>;
  readonly trials: TrialBudget;
}

/** Pays for a look at a value. */
export function payLook(context: FitContext): void {
  payTrial(context.trials, context.place, lookPrice);
}

/** Pays for comparing a value with each of a list, which costs far less. */
export function payComparisons(context: FitContext, count: number): void {
  payTrial(context.trials, context.place, Math.ceil(count / comparisonsPerPrice));
}

const comparisonsPerPrice = 32;

/** The best of the alternatives. */
export function best(fits: readonly Fit[]): Fit {
  let result: Fit = noFit;
  for (const fit of fits) {
    if (fit > result) result = fit;
  }
  return result;
}

/** The worst of the parts. */
export function worst<Part>(parts: readonly Part[], fitOf: (part: Part, index: number) => Fit): Fit {
  let result: Fit = exactFit;
  for (let index = 0; index < parts.length && result !== noFit; index++) {
    // The index is within the list; what it holds there may be undefined.
    const fit = fitOf(parts[index] as Part, index);
    if (fit < result) result = fit;
  }
  return result;
}
