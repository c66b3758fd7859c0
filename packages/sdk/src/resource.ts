import type { FlyteOutput, JsonObject } from "@flyte-agent/literals";

/** A link to the task's log or page at the vendor, shown in the Flyte console (`flyteidl.core.TaskLog`). */
export interface LogLink {
  /** What the console shows, for example `BigQuery Console`. */
  readonly name: string;
  /** An absolute `http` or `https` address. */
  readonly uri: string;
}

/** What every answer may carry. */
export interface ResourceDetails {
  /**
   * A sentence for the user. Flyte 1 shows it while a task is queued, initializing or waiting for resources and when
   * it failed, never while it runs. Cut at 4096 characters.
   */
  readonly message?: string;
  /**
   * Links to show. Flyte reads them once per phase, in the first answer of that phase: give them from the start.
   */
  readonly logLinks?: readonly LogLink[];
  /** Facts for the console's custom info, for example bytes billed. */
  readonly customInfo?: JsonObject;
}

/**
 * Says that the job itself wrote `outputs.pb` under the output prefix, as Python function tasks do. Flyte then reads
 * the file instead of the answer.
 */
export const writtenToOutputPrefix = "written-to-output-prefix" as const;

/** The outputs of a task by name, or {@link writtenToOutputPrefix}. */
export type Outputs = Readonly<Record<string, FlyteOutput>> | typeof writtenToOutputPrefix;

/** The task goes on. */
export interface UnfinishedResource extends ResourceDetails {
  /** What it is doing; Flyte asks again. */
  readonly phase: "queued" | "waiting_for_resources" | "initializing" | "running";
}

/** The task did its work. */
export interface SucceededResource extends ResourceDetails {
  /** It ended well. */
  readonly phase: "succeeded";
  /** By output name, as the task declares them; `writtenToOutputPrefix` if the job wrote them there itself. */
  readonly outputs: Outputs;
}

/** The task ended without doing its work. */
export interface FailedResource extends ResourceDetails {
  /**
   * How it ended: `"failed"` for good, `"retryable_failed"` for another attempt, `"aborted"` if somebody stopped it.
   */
  readonly phase: "failed" | "retryable_failed" | "aborted";
  /** Why: what was got, what was expected, and what to do. Flyte shows it to the workflow's author. */
  readonly message: string;
  /** A short error code. FlytePropeller shows it for synchronous tasks and drops it for the others. */
  readonly code?: string;
}

/** What `get` and `do` answer. Made by the functions below, which are the only place where phases are written. */
export type Resource = UnfinishedResource | SucceededResource | FailedResource;

/** What may be added to a failure. */
export type FailureDetails = Omit<ResourceDetails, "message"> & { readonly code?: string };

/**
 * The job waits for its turn at the vendor.
 *
 * @example
 * ```ts
 * queued({ message: "third in the queue" });
 * ```
 */
export function queued(details: ResourceDetails = {}): UnfinishedResource {
  return { ...details, phase: "queued" };
}

/**
 * The job waits for machines or quota.
 *
 * @example
 * ```ts
 * waitingForResources({ message: "no GPU is free" });
 * ```
 */
export function waitingForResources(details: ResourceDetails = {}): UnfinishedResource {
  return { ...details, phase: "waiting_for_resources" };
}

/**
 * The job is being prepared: a cluster starts, an image is pulled.
 *
 * @example
 * ```ts
 * initializing({ message: "the cluster starts" });
 * ```
 */
export function initializing(details: ResourceDetails = {}): UnfinishedResource {
  return { ...details, phase: "initializing" };
}

/**
 * The job runs.
 *
 * @example
 * ```ts
 * running({ logLinks: [{ name: "Console", uri: "https://vendor.example/jobs/1" }] });
 * ```
 */
export function running(details: ResourceDetails = {}): UnfinishedResource {
  return { ...details, phase: "running" };
}

/**
 * The job did its work.
 *
 * @param details `outputs` by name, checked against the task's declared interface where the runtime knows it. Left
 *   out, the task has no outputs; {@link writtenToOutputPrefix} says that the job wrote them to a file.
 *
 * @example
 * ```ts
 * succeeded({ outputs: { rows: 3, report: file("s3://bucket/report.html") } });
 * succeeded({ outputs: writtenToOutputPrefix });
 * ```
 */
export function succeeded(details: ResourceDetails & { readonly outputs?: Outputs } = {}): SucceededResource {
  return { ...details, phase: "succeeded", outputs: details.outputs ?? {} };
}

/**
 * The job failed, and trying again would not help.
 *
 * @example
 * ```ts
 * failed("line 3: no such column: prise", { code: "SyntaxError" });
 * ```
 */
export function failed(message: string, details: FailureDetails = {}): FailedResource {
  return { ...details, phase: "failed", message };
}

/**
 * The job failed for a reason that another attempt may not meet. It uses up one of the task's retries.
 *
 * @example
 * ```ts
 * retryableFailure("the machine was preempted", { code: "Preempted" });
 * ```
 */
export function retryableFailure(message: string, details: FailureDetails = {}): FailedResource {
  return { ...details, phase: "retryable_failed", message };
}

/**
 * The job was stopped from outside. Flyte 1 shows a fixed sentence instead of `message` and counts it as a failure:
 * prefer {@link failed} with the vendor's reason.
 *
 * @example
 * ```ts
 * aborted("ada stopped the job in the console");
 * ```
 */
export function aborted(message: string, details: FailureDetails = {}): FailedResource {
  return { ...details, phase: "aborted", message };
}
