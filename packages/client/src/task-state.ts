import type { JsonObject, LogLink, Phase } from "@flyte-agent/sdk";
import { phaseFromProto } from "@flyte-agent/sdk/host";

/** What an agent said of a task, whichever generation it was asked by. */
export interface TaskState {
  readonly phase: Phase;
  readonly message: string;
  readonly logLinks: readonly LogLink[];
  /** Encoded `flyteidl.core.LiteralMap`; `undefined` if there are none, or the job wrote them under the output prefix. */
  readonly outputs: Uint8Array | undefined;
  readonly customInfo: JsonObject | undefined;
  /** A short error code, `""` for none. */
  readonly errorCode: string;
}

/** The members of `flyteidl.admin.Resource` and `flyteidl2.connector.Resource` that say how a task is doing. */
export interface PhaseOnWire {
  /** `TaskExecution.Phase`. */
  readonly phase: number;
  /** `flyteidl.admin.State`, which agents of old answer instead; 0 in Flyte 2, which has none. */
  readonly state: number;
  readonly message: string;
}

// flyteidl.admin.State. Its 0, RETRYABLE_FAILURE, is what an answer without anything in it says.
const legacyPhases: readonly (Phase | undefined)[] = [
  "retryable_failed",
  "failed",
  "initializing",
  "running",
  "succeeded",
];

/** Reads a phase as FlytePropeller does: the phase, else the deprecated state, else a failure. */
export function readPhase({ phase, state, message }: PhaseOnWire): Pick<TaskState, "phase" | "message"> {
  if (phase !== 0) {
    const known = phaseFromProto(phase);
    if (known !== undefined) return { phase: known, message };
    return { phase: "failed", message: `the agent answered the phase ${phase}, which Flyte does not know` };
  }
  const legacy = legacyPhases[state];
  if (state !== 0 && legacy !== undefined) return { phase: legacy, message };
  return {
    phase: "retryable_failed",
    message: message === "" ? "the agent answered without a phase, which Flyte takes for a retryable failure" : message,
  };
}
