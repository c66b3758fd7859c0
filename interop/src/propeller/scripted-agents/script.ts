import { existsSync } from "node:fs";
import {
  aborted,
  failed,
  initializing,
  invalidTask,
  type JsonObject,
  type LogLink,
  type Outputs,
  queued,
  type Resource,
  retryableFailure,
  running,
  type StandardSchema,
  succeeded,
  type Task,
  waitingForResources,
} from "@flyte-agent/sdk";

/** How the job of a task will go: `custom` of the scripted task types. Written by `interop/propeller/script.go`. */
export interface Script {
  /** One entry for each attempt; the last one counts for those after it. */
  readonly attempts: readonly ScriptAttempt[];
  readonly slow?: ScriptSlow;
}

/** The course of one attempt. */
export interface ScriptAttempt {
  /** The last step stays. A synchronous agent answers with it at once. */
  readonly steps: readonly ScriptStep[];
  /** Written below the output prefix when the job is created: contents in Base64 by file name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What polls answer for some time. */
export interface ScriptStep {
  /** Path of a file: the step is over when it is there. */
  readonly until?: string;
  /** How long the step lasts, where no file says it. */
  readonly forMs?: number;
  /** `error` lets the poll fail. */
  readonly phase: Resource["phase"] | "error";
  readonly message?: string;
  readonly code?: string;
  readonly link?: LogLink;
  readonly customInfo?: JsonObject;
  readonly outputs?: Outputs;
  /** Makes the output `text` so many characters long. */
  readonly textBytes?: number;
}

/** Which calls are slow, in milliseconds. */
export interface ScriptSlow {
  /** Of the first attempt only. */
  readonly createMs?: number;
  readonly getMs?: number;
  readonly deleteMs?: number;
  /** Path of a file: no call is slow any more when it is there. */
  readonly until?: string;
  /** Path of a file that is written when a slow create begins. */
  readonly createBegan?: string;
}

/** What Flyte keeps of a scripted job. */
export interface ScriptedJob {
  /** Execution and attempt, as the log names the job: `<execution>/<attempt>`. @default nothing, in jobs of an older release */
  readonly name?: string;
  readonly steps: readonly ScriptStep[];
  readonly slow: ScriptSlow;
  /** Milliseconds since 1970. */
  readonly createdMs: number;
}

/** Reads a job back: what has steps is one that these agents wrote. */
export const scriptedJob: StandardSchema<ScriptedJob> = {
  "~standard": {
    version: 1,
    vendor: "interop",
    validate: (value) => {
      const isJob = typeof value === "object" && value !== null && "steps" in value;
      return isJob ? { value: value as ScriptedJob } : { issues: [{ message: "expected steps" }] };
    },
  },
};

/**
 * Reads a task's `custom`, which only our own test programs write.
 *
 * @throws AgentError `invalid_task` if it is no script at all.
 */
export function readScript({ custom }: Task): Script {
  if (!Array.isArray(custom.attempts)) throw invalidTask("custom.attempts", "is not a list");
  // The program that writes it has the same type.
  return custom as unknown as Script;
}

/** The course of an attempt. */
export function attemptOf(script: Script, attempt: number): ScriptAttempt {
  return script.attempts[attempt] ?? script.attempts.at(-1) ?? { steps: [] };
}

/** What a job answers so long after its creation. */
export function stepAt(steps: readonly ScriptStep[], ageMs: number): ScriptStep {
  let endMs = 0;
  for (const step of steps) {
    if (step.until === undefined) endMs += step.forMs ?? Number.POSITIVE_INFINITY;
    const isOver = step.until === undefined ? ageMs >= endMs : existsSync(step.until);
    if (!isOver) return step;
  }
  return steps.at(-1) ?? { phase: "succeeded" };
}

/** The answer of a step, with the name of the deployment that gives it in the custom info. */
export function toResource(step: ScriptStep, deployment: string): Resource {
  const { phase, message = "", code, link, textBytes } = step;
  const details = {
    ...(link === undefined ? {} : { logLinks: [link] }),
    customInfo: { deployment, ...step.customInfo },
    ...(code === undefined ? {} : { code }),
  };
  const outputs = textBytes === undefined ? step.outputs : { text: "x".repeat(textBytes) };
  switch (phase) {
    case "queued":
      return queued({ ...details, message });
    case "waiting_for_resources":
      return waitingForResources({ ...details, message });
    case "initializing":
      return initializing({ ...details, message });
    case "running":
      return running({ ...details, message });
    case "succeeded":
      return succeeded({ ...details, message, ...(outputs === undefined ? {} : { outputs }) });
    case "failed":
      return failed(message, details);
    case "retryable_failed":
      return retryableFailure(message, details);
    case "aborted":
      return aborted(message, details);
    case "error":
      throw invalidTask("custom", message);
  }
}
