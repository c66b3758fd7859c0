import { type Place, refusal } from "../place/place.ts";

/**
 * What may still be spent on trying variants of unions. A large value, tried as each of a thousand variants, could keep
 * a server busy for minutes.
 */
export interface TrialBudget {
  left: number;
  /** How many unions are being tried, one inside the other. */
  unions: number;
}

/** A few seconds' work. A value of millions of parts stays below if it is of the first variants. */
export function trialBudget(): TrialBudget {
  return { left: 20_000_000, unions: 0 };
}

/** The price of converting a part of a value that may turn out to be of another variant. */
export const conversionPrice = 1;

/** The price of looking whether a part of a value fits. */
export const lookPrice = 4;

/** The price of a conversion that failed, which made an error. */
export const failurePrice = 200;

/** Pays for a trial, and refuses when there were too many. */
export function payTrial(budget: TrialBudget, place: Place, price: number): void {
  budget.left -= price;
  if (budget.left < 0) throw refusal(place, "its union has too many variants to try them all on a value of this size");
}
