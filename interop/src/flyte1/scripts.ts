import type { ScriptAttempt, ScriptStep } from "../propeller/scripted-agents/script.ts";

/** The end of a job that succeeds with one output. */
export const succeeded: ScriptStep = { phase: "succeeded", outputs: { text: "done" } };

/** What that output is as protojson. */
export const text = { scalar: { primitive: { stringValue: "done" } } };

/** A job that runs for so long, and then succeeds. */
export function jobOf(forMs: number): ScriptAttempt {
  return { steps: [{ forMs, phase: "running" }, succeeded] };
}

/** A job that runs for ever. */
export const endlessJob: ScriptAttempt = { steps: [{ phase: "running" }] };
