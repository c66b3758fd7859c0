/**
 * What a task is doing, in the SDK's words. On the wire these are the numbers of `flyteidl.core.TaskExecution.Phase`;
 * no plugin ever writes one.
 */
export type Phase =
  | "queued"
  | "waiting_for_resources"
  | "initializing"
  | "running"
  | "succeeded"
  | "failed"
  | "retryable_failed"
  | "aborted";

const terminal: Readonly<Record<Phase, boolean>> = {
  queued: false,
  waiting_for_resources: false,
  initializing: false,
  running: false,
  succeeded: true,
  failed: true,
  retryable_failed: true,
  aborted: true,
};

/** Tells whether a task in this phase has ended. A retryable failure has: Flyte starts a new attempt with a new job. */
export function isTerminal(phase: Phase): boolean {
  return terminal[phase];
}

/** Tells whether a value is one of the phases. */
export function isPhase(value: unknown): value is Phase {
  return typeof value === "string" && Object.hasOwn(terminal, value);
}

const numbers: Readonly<Record<Phase, number>> = {
  queued: 1,
  running: 2,
  succeeded: 3,
  aborted: 4,
  failed: 5,
  initializing: 6,
  waiting_for_resources: 7,
  retryable_failed: 8,
};

/** The number of a phase in `flyteidl.core.TaskExecution.Phase` (`flyteidl2.core` has the same). */
export function phaseToProto(phase: Phase): number {
  return numbers[phase];
}

/** The phase with this number, or `undefined` for UNDEFINED (0) and for numbers of a newer Flyte. */
export function phaseFromProto(phaseNumber: number): Phase | undefined {
  for (const [phase, value] of Object.entries(numbers)) {
    // The keys of `numbers` are exactly the phases.
    if (value === phaseNumber) return phase as Phase;
  }
  return undefined;
}
