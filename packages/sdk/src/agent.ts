import type { JsonObject } from "@flyte-agent/literals";
import type { CallContext, CreateContext, GetContext } from "./context.ts";
import type { Resource } from "./resource.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { Task } from "./task.ts";

/** What every agent says of itself. */
export interface AgentIdentity {
  /** The name that Flyte lists, for example `Bigquery Connector`. */
  readonly name: string;
  /** Flyte's task type, for example `bigquery_query_job_task`. */
  readonly taskType: string;
  /** Flyte's task type version. @default 0 */
  readonly taskTypeVersion: number;
  /**
   * How INTEGER inputs arrive: `"auto"` as number if safe and else as bigint, `"bigint"` always as bigint.
   *
   * @default "auto"
   */
  readonly integers: "auto" | "bigint";
}

/** What an agent says of who else reads its jobs. */
export interface JobReaders {
  /**
   * Whether the agent takes over the task type of a Python connector, which reads the same jobs and refuses keys that it
   * does not know. The server then adds nothing to them; else it adds the declared types of the task's outputs, so that
   * every server converts and checks outputs alike.
   *
   * @default false
   */
  readonly pythonJobs?: boolean;
}

/** Which metrics a caller wants of a job (`GetTaskMetricsRequest`). */
export interface MetricsQuery {
  /** Names of the metrics; what they mean is up to the agent. */
  readonly queries: readonly string[];
  /** The earliest point, `undefined` if the caller leaves it open. */
  readonly start: Date | undefined;
  /** The latest point, `undefined` if the caller leaves it open. */
  readonly end: Date | undefined;
  /** Distance of the points in milliseconds, `undefined` if the caller leaves it open. */
  readonly stepMs: number | undefined;
}

/** One metric of a job (`ExecutionMetricResult`): its name and a result in the shape of Prometheus' query API. */
export interface Metric {
  /** Its name: one of `MetricsQuery.queries`. */
  readonly metric: string;
  /** The result, in the shape of Prometheus' query API: `{ resultType, result }`. */
  readonly data: JsonObject;
}

/** Which lines of a job's log a caller wants (`GetTaskLogsRequest`). */
export interface LogPage {
  /** At most so many lines; 0 leaves it to the agent. */
  readonly lines: number;
  /** What the page before answered as `nextToken`; `""` for the first page. */
  readonly token: string;
}

/** One line of a job's log. */
export interface LogLine {
  /** The text, without a line break at its end. */
  readonly message: string;
  /** When it was written; left out where the vendor does not say. */
  readonly timestamp?: Date;
  /** Who wrote it: the user's code or the system around it. */
  readonly originator?: "user" | "system";
}

/** A page of a job's log. */
export interface LogPageResult {
  /** In the order in which they were written. */
  readonly lines: readonly LogLine[];
  /** Where the next page starts; left out on the last one. */
  readonly nextToken?: string;
}

/**
 * An agent that starts a job elsewhere, is polled until the job ends, and can stop it.
 *
 * The job is a plain JSON object. Flyte stores it and brings it back with each call, perhaps to another replica and
 * another release: keep it small, without secrets, and readable by older and newer versions.
 */
export interface AsyncAgent<Job = unknown> extends AgentIdentity, JobReaders {
  /** Set by `defineAsyncAgent`. */
  readonly kind: "async";
  /** Reads a job back from `resource_meta`. Unknown keys must be ignored; older shapes may be translated here. */
  readonly job: StandardSchema<Job>;
  /** Starts the job and returns at once with what `get` and `delete` need to find it. */
  create(task: Task, context: CreateContext): Promise<Job>;
  /** Reports the job. Called again and again: answer at once, never wait for the job to end. */
  get(job: Job, context: GetContext): Promise<Resource>;
  /** Stops the job. Called for running, finished, deleted and unknown jobs: all of these succeed. */
  delete(job: Job, context: CallContext): Promise<void>;
  /** Reads metrics of the job. */
  metrics?(job: Job, query: MetricsQuery, context: CallContext): Promise<readonly Metric[]>;
  /** Reads a page of the job's log. */
  logs?(job: Job, page: LogPage, context: CallContext): Promise<LogPageResult>;
}

/** An agent that does the work within the call. Flyte 1 calls it directly; for Flyte 2 the runtime serves it as a job. */
export interface SyncAgent extends AgentIdentity {
  /** Set by `defineSyncAgent`. */
  readonly kind: "sync";
  /** Does the work and answers how it ended. An answer that is not an end is turned into a failure. */
  do(task: Task, context: CreateContext): Promise<Resource>;
}

/** An agent that waits until something is there. */
export interface Sensor<Job = unknown> extends AgentIdentity, JobReaders {
  /** Set by `defineSensor`. */
  readonly kind: "sensor";
  /** Reads a job back from `resource_meta`. */
  readonly job: StandardSchema<Job>;
  /** Says what to look for. Refuse here what can never come true: later there is nobody to tell. */
  create(task: Task, context: CreateContext): Promise<Job>;
  /**
   * Looks once.
   *
   * @returns `true` when it is there, `false` to be asked again; a resource to say more (a message, a failure).
   */
  poke(job: Job, context: GetContext): Promise<boolean | Resource>;
}

/** Any agent. */
export type Agent = AsyncAgent | SyncAgent | Sensor;

/** How an agent is called by Flyte: a sensor is an async agent there. */
export function modeOf(agent: Agent): "async" | "sync" {
  return agent.kind === "sync" ? "sync" : "async";
}
