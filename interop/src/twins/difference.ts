import type { Facts } from "./facts.ts";

/** A case of one of the two suites. */
export type CaseId = `${"flytekit" | "flyte-sdk"}/${string}`;

/** Where the servers differ on purpose, and why. */
export interface Difference {
  /** What the table says. */
  readonly name: string;
  readonly reason: string;
  readonly answers: readonly DifferentAnswer[];
}

/** The same two answers to some cases. Only what differs is written down; what one side does not say is left out. */
export interface DifferentAnswer {
  readonly theirs: Facts;
  readonly ours: Facts;
  readonly cases: readonly CaseId[];
}
