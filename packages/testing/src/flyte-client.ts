import type { TaskToRun } from "@flyte-agent/client";
import type { JsonObject, LogLink, Metric, MetricsQuery } from "@flyte-agent/sdk";
import type { TestLogPage } from "./test-host.ts";

/** Which attempt of which task is started. */
export interface Attempt {
  readonly project: string;
  readonly domain: string;
  readonly name: string;
  readonly nodeId: string;
  readonly attempt: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly outputPrefix: string;
}

/** A resource as it came, before its outputs are read. */
export interface SentResource {
  /** Number of `flyteidl.core.TaskExecution.Phase`. */
  readonly phase: number;
  readonly message: string;
  readonly logLinks: readonly LogLink[];
  /** An encoded LiteralMap. */
  readonly outputs: Uint8Array | undefined;
  readonly outputNames: readonly string[];
  readonly customInfo: JsonObject | undefined;
  readonly errorCode: string;
}

/** A job and the category of its task. */
export interface SentJob {
  readonly category: { readonly name: string; readonly version: number };
  readonly job: Uint8Array;
}

/** Deadline and cancellation of a call, in Connect's words. */
export interface Limits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** The calls of one generation of Flyte, made with that generation's messages. */
export interface FlyteClient {
  create(task: TaskToRun, attempt: Attempt, limits: Limits): Promise<Uint8Array>;
  get(job: SentJob, outputPrefix: string, limits: Limits): Promise<SentResource>;
  delete(job: SentJob, limits: Limits): Promise<void>;
  logs(job: SentJob, page: { readonly lines: number; readonly token: string }, limits: Limits): Promise<TestLogPage>;
  metrics(job: SentJob, query: MetricsQuery, limits: Limits): Promise<readonly Metric[]>;
}

/** Flyte 1 has a synchronous call besides. */
export interface SyncFlyteClient extends FlyteClient {
  do(task: TaskToRun, attempt: Attempt, limits: Limits): Promise<SentResource>;
}
