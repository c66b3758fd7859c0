import type { flyteidl2 } from "@flyte-agent/idl";
import type { FlyteValue, JsonObject, Literal, LiteralType } from "@flyte-agent/literals";

/** `flyteidl2.core.TaskTemplate`, which has the fields of Flyte 1's. Fields that we do not know are kept in it. */
export type TaskTemplate = flyteidl2.TaskTemplate;

/** `flyteidl.core.Identifier` of the task. */
export interface TaskId {
  /** Flyte's project that the task is registered in. */
  readonly project: string;
  /** Flyte's domain that the task is registered in. */
  readonly domain: string;
  /** Its name, for example `workflows.example.query`. */
  readonly name: string;
  /** The version that it was registered with. */
  readonly version: string;
}

/** SQL to run (`flyteidl.core.Sql`). The dialect is left out: flytekit writes it wrongly. */
export interface SqlTarget {
  /** The statement, with its placeholders unfilled. */
  readonly statement: string;
}

/** A container to run (`flyteidl.core.Container`). FlytePropeller has already filled in the placeholders of `args`. */
export interface ContainerTarget {
  /** The image, as Flyte names it. */
  readonly image: string;
  /** The entry point; empty for the image's own. */
  readonly command: readonly string[];
  /** What the entry point is given. */
  readonly args: readonly string[];
  /** Environment variables by name. */
  readonly env: Readonly<Record<string, string>>;
}

/** A pod to run (`flyteidl.core.K8sPod`). */
export interface PodTarget {
  /** `core.v1.PodSpec` of Kubernetes as JSON. */
  readonly podSpec: JsonObject;
  /** The container that runs the task; the others are beside it. */
  readonly primaryContainerName: string;
  /** Kubernetes labels of the pod. */
  readonly labels: Readonly<Record<string, string>>;
  /** Kubernetes annotations of the pod. */
  readonly annotations: Readonly<Record<string, string>>;
}

/** A secret that the task's author asked for by name (`flyteidl.core.Secret`). */
export interface SecretRequest {
  /** The group of secrets, `""` for none. */
  readonly group: string;
  /** The secret's name within its group. */
  readonly key: string;
}

/** The inputs of a task by name. */
export type TaskInputs = Readonly<Record<string, FlyteValue>>;

/**
 * A task to run, the same for both generations of Flyte: what its author wrote (`flyteidl.core.TaskTemplate`) and the
 * inputs of this execution.
 */
export interface Task<Inputs = TaskInputs, Custom = JsonObject> {
  /** The task type, for example `bigquery_query_job_task`. */
  readonly type: string;
  /** `task_type_version`: 0 unless the SDK that wrote the task said otherwise. */
  readonly typeVersion: number;
  /** Where the task is registered. */
  readonly id: TaskId;
  /** The task's configuration in the shape of its task type; `{}` if there is none. What the agent's schema makes of it. */
  readonly custom: Custom;
  /** `TaskTemplate.config`: strings by name, which some task types use beside `custom`. */
  readonly config: Readonly<Record<string, string>>;
  /** What to run, if the task is SQL. */
  readonly sql: SqlTarget | undefined;
  /** What to run, if the task is a container. */
  readonly container: ContainerTarget | undefined;
  /** What to run, if the task is a pod. */
  readonly pod: PodTarget | undefined;
  /** The secrets that the task's author asked for. The agent reads them from its context by name. */
  readonly secretRequests: readonly SecretRequest[];
  /** The time the author allows (`metadata.timeout`) in milliseconds, `undefined` if unlimited. */
  readonly timeoutMs: number | undefined;
  /** How often Flyte tries again after a retryable failure. */
  readonly retries: number;
  /** Version of the SDK that wrote the task, for example `1.16.31`. */
  readonly sdkVersion: string;
  /** Declared types by input name. */
  readonly inputTypes: ReadonlyMap<string, LiteralType>;
  /** Declared types by output name. */
  readonly outputTypes: ReadonlyMap<string, LiteralType>;
  /** The inputs as JavaScript values, by declared type. An input that Flyte did not send is absent. */
  readonly inputs: Inputs;
  /** The inputs as Flyte sent them. */
  readonly literals: ReadonlyMap<string, Literal>;
  /** The whole template as Flyte sent it. */
  readonly template: TaskTemplate;
}
