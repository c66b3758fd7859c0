import type { Execution, JsonObject, LogLine, LogLink, LogPage, Metric, MetricsQuery, Phase } from "@flyte-agent/sdk";

/** Flyte's key for who serves a task: `flyteidl.admin.TaskCategory`. */
export interface TaskCategory {
  /** The task type, for example `webhook`. */
  readonly name: string;
  /** 0 unless a plugin serves several versions of the task type. */
  readonly version: number;
}

/** The text form of a task category, as routes and messages have it: `webhook@0`. */
export function categoryKey(category: TaskCategory): string {
  return `${category.name}@${category.version}`;
}

/** `flyteidl2.core.Connection` as far as agents see it; empty for Flyte 1. */
export interface Connection {
  readonly secrets: Readonly<Record<string, string>>;
  readonly configs: Readonly<Record<string, string>>;
}

/** What every call brings. */
interface CallOrigin {
  readonly category: TaskCategory;
  /** The generation of Flyte that calls. */
  readonly flyte: 1 | 2;
  /** Names the call in log lines and error texts: 16 hexadecimal digits. */
  readonly callId: string;
  /** Milliseconds since 1970 at which the caller stops waiting, `undefined` if it waits for ever. */
  readonly deadlineMs: number | undefined;
  readonly connection: Connection;
  /** The trace that the caller's request belongs to, `undefined` if it said none. */
  readonly trace: TraceContext | undefined;
}

/** W3C's trace context, as the headers have it. @see https://www.w3.org/TR/trace-context/ */
export interface TraceContext {
  /** Version, trace id, span id and flags. */
  readonly traceparent: string;
  /** What vendors add, `""` for nothing. */
  readonly tracestate: string;
}

/** A call that starts something: it brings a task. */
export interface StartCall<Operation extends "create" | "do"> extends CallOrigin {
  readonly operation: Operation;
  /** Encoded `flyteidl.core.TaskTemplate`, of either generation. */
  readonly template: Uint8Array;
  /** Encoded `flyteidl.core.LiteralMap` or `flyteidl2.task.Inputs`, which are the same on the wire. */
  readonly inputs: Uint8Array;
  /** How many literals of the inputs lie in files of their own; `undefined` if nobody has counted. */
  readonly offloadedCount?: number;
  /** Who the task runs for; texts are empty if the caller did not say. */
  readonly execution: Execution;
  readonly outputPrefix: string;
  /** 64 hexadecimal digits, equal for all calls of one attempt; `""` if the caller did not say which attempt. */
  readonly attemptKey: string;
  /**
   * 64 hexadecimal digits, equal for each repetition of one attempt with the same task; `""` if the caller said neither which
   * attempt it is nor where its outputs go.
   */
  readonly idempotencyKey: string;
  /** Who it runs for, for log lines: `project/domain/name/node/attempt`, `""` if the caller did not say. */
  readonly executionId: string;
}

/** A call about a job: it brings what `create` answered. */
export interface JobCall<Operation extends "get" | "delete" | "metrics" | "logs"> extends CallOrigin {
  readonly operation: Operation;
  /** `resource_meta`. */
  readonly job: Uint8Array;
}

/** Asks for the state of a job. */
export interface GetCall extends JobCall<"get"> {
  readonly outputPrefix: string;
}

/** Asks for metrics of a job. */
export interface MetricsCall extends JobCall<"metrics"> {
  readonly query: MetricsQuery;
}

/** Asks for a page of a job's log. */
export interface LogsCall extends JobCall<"logs"> {
  readonly page: LogPage;
}

/** A call as it crosses an {@link AgentHost}: plain data, so that it can go to another thread or process. */
export type AgentCall = StartCall<"create"> | StartCall<"do"> | GetCall | JobCall<"delete"> | MetricsCall | LogsCall;

/** What an agent can be asked to do. */
export type Operation = AgentCall["operation"];

/** All of them. */
export const operations: readonly Operation[] = ["create", "do", "get", "delete", "metrics", "logs"];

/** The state of a job or the end of a synchronous task, as plain data. */
export interface ResourceAnswer {
  readonly phase: Phase;
  readonly message: string;
  readonly logLinks: readonly LogLink[];
  /** Encoded `flyteidl.core.LiteralMap`; `undefined` means that the job wrote them under the output prefix. */
  readonly outputs: Uint8Array | undefined;
  readonly customInfo: JsonObject | undefined;
  /** A short error code, `""` for none. */
  readonly errorCode: string;
}

/** What `create` answers: the bytes of `resource_meta`. */
export interface CreateAnswer {
  readonly job: Uint8Array;
}

/** What `metrics` answers. */
export interface MetricsAnswer {
  readonly metrics: readonly Metric[];
}

/** What `logs` answers. */
export interface LogsAnswer {
  readonly lines: readonly LogLine[];
  /** Where the next page starts, `""` on the last one. */
  readonly nextToken: string;
}

/**
 * The calls, without a word on where the agents run. Layers around them (log, metrics, deadlines, …) take and return
 * one of these. `signal` aborts shortly before the caller's deadline, when the caller cancels, and when the server
 * stops; its reason is an AgentError. Every method rejects with AgentErrors only.
 */
export interface AgentCalls {
  /** Starts a job. */
  create(call: StartCall<"create">, signal: AbortSignal): Promise<CreateAnswer>;
  /** Runs a task within the call. */
  do(call: StartCall<"do">, signal: AbortSignal): Promise<ResourceAnswer>;
  /** Asks how a job is doing. */
  get(call: GetCall, signal: AbortSignal): Promise<ResourceAnswer>;
  /** Ends a job, and succeeds where there is none. */
  delete(call: JobCall<"delete">, signal: AbortSignal): Promise<void>;
  /** Reads metrics of a job. */
  metrics(call: MetricsCall, signal: AbortSignal): Promise<MetricsAnswer>;
  /** Reads a page of a job's log. */
  logs(call: LogsCall, signal: AbortSignal): Promise<LogsAnswer>;
}
