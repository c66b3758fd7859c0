import type { Phase } from "@flyte-agent/sdk";

/** A phase as people read it. */
export function phaseText(phase: Phase): string {
  return phase === "retryable_failed" ? "failed (Flyte may try again)" : phase.replaceAll("_", " ");
}
