import type { flyteidl2 } from "@flyte-agent/idl";
import type { FlyteValue, JsonObject, Literal, LiteralType } from "@flyte-agent/literals";

/** `flyteidl2.core.TaskTemplate`, which has the fields of Flyte 1's. Fields that we do not know are kept in it. */
export type TaskTemplate = flyteidl2.TaskTemplate;

/** `flyteidl.core.Identifier` of the task. */
export interface TaskId {
  readonly project: string;
  readonly domain: string;
  readonly name: string;
  readonly version: string;
}

/** SQL to run (`flyteidl.core.Sql`). The dialect is left out: flytekit writes it wrongly. */
export interface SqlTarget {
  readonly statement: string;
}

/** A container to run (`flyteidl.core.Container`). FlytePropeller has already filled in the placeholders of `args`. */
export interface ContainerTarget {
  readonly image: string;
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A pod to run (`flyteidl.core.K8sPod`). */
export interface PodTarget {
  readonly podSpec: JsonObject;
  readonly primaryContainerName: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A secret that the task's author asked for by name (`flyteidl.core.Secret`). */
export interface SecretRequest {
  readonly group: string;
  readonly key: string;
}

/** The inputs of a task by name. */
export type TaskInputs = Readonly<Record<string, FlyteValue>>;

/**
 * A task to run, the same for both generations of Flyte: what its author wrote (`flyteidl.core.TaskTemplate`) and the
 * inputs of this execution.
 */
export interface Task<Inputs = TaskInputs> {
  readonly type: string;
  readonly typeVersion: number;
  readonly id: TaskId;
  /** The task's configuration in the shape of its task type; `{}` if there is none. */
  readonly custom: JsonObject;
  readonly config: Readonly<Record<string, string>>;
  readonly sql: SqlTarget | undefined;
  readonly container: ContainerTarget | undefined;
  readonly pod: PodTarget | undefined;
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
