import type { Facts } from "./facts.ts";

/** Where the two servers differ on purpose, and why. */
export interface Difference {
  readonly reason: string;
  readonly answers: readonly DifferentAnswer[];
}

/** The same two answers to some cases. Only what differs is written down. */
export interface DifferentAnswer {
  readonly theirs: Facts;
  readonly ours: Facts;
  /** `<suite>/<case>` */
  readonly cases: readonly string[];
}

/** Every difference that is meant. The suites fail on any other one, and on one that is no more. */
export const differences: readonly Difference[] = [];
