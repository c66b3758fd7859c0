import type { Log } from "./log.ts";
import type { Secrets } from "./secrets.ts";

/** Who a task runs for: `TaskExecutionMetadata` of either generation. Empty strings where Flyte sent nothing. */
export interface Execution {
  /** Flyte's project. */
  readonly project: string;
  /** Flyte's domain, for example `development`. */
  readonly domain: string;
  /** Name of the workflow execution (Flyte 1) or of the run (Flyte 2). */
  readonly name: string;
  /** Node of the workflow (Flyte 1) or action (Flyte 2). */
  readonly nodeId: string;
  /** 0 for the first attempt. */
  readonly attempt: number;
  /** Kubernetes namespace of the execution. */
  readonly namespace: string;
  /** Kubernetes labels of the execution. */
  readonly labels: Readonly<Record<string, string>>;
  /** Kubernetes annotations of the execution. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Environment variables that the execution sets for its containers. */
  readonly environment: Readonly<Record<string, string>>;
  /** Kubernetes service account to act as, `""` for the default one. */
  readonly serviceAccount: string;
}

/** What every handler gets beside its task or job. */
export interface CallContext {
  /**
   * Aborts when the caller cancels, shortly before its deadline, and when the server stops. Pass it to every call
   * that you make.
   */
  readonly signal: AbortSignal;
  /** When the caller stops waiting, or `undefined` if it waits for ever. */
  readonly deadline: Date | undefined;
  /** The secrets of this call: those that Flyte 2 sent with it, then the server's own environment and secret files. */
  readonly secrets: Secrets;
  /** Flyte 2's `Connection.configs` of this call; empty in Flyte 1. */
  readonly configs: Readonly<Record<string, string>>;
  /** The plugin's log, with the task type and the id of the call in each line. */
  readonly log: Log;
  /** The generation of Flyte that calls. */
  readonly flyte: 1 | 2;
}

/** What `create` and `do` get. */
export interface CreateContext extends CallContext {
  /**
   * 64 hexadecimal digits: the same for each repeated call of one attempt with the same task and inputs, another for the
   * next attempt. Give it to the vendor as request id or job name, so that Flyte's repeated calls make one job.
   */
  readonly idempotencyKey: string;
  /** Who the task runs for: project, domain, execution, attempt, labels. */
  readonly execution: Execution;
  /** Where the outputs of this attempt go, without a trailing slash; `""` if Flyte sent none. */
  readonly outputPrefix: string;
}

/** What `get` and `poke` get. */
export interface GetContext extends CallContext {
  /** Where the outputs of this attempt go, without a trailing slash; `""` if Flyte sent none. */
  readonly outputPrefix: string;
}
