import type { Agent, JsonObject, Phase, Plugin } from "@flyte-agent/sdk";
import type { TaskDescription } from "../task-description.ts";
import type { TestHostOptions } from "../test-host-options.ts";

/** A job that was created for a test. */
export interface ContractJob {
  /** The task type, or its category where the plugin serves several versions. */
  readonly taskType: string;
  /** `resource_meta`. */
  readonly bytes: Uint8Array;
  /** The same as an object. */
  readonly value: JsonObject;
  /** The generation of Flyte that created it. */
  readonly flyte: 1 | 2;
}

/** A plugin whose contract is tested, and what a test cannot know by itself. */
export interface ContractSubject extends Omit<TestHostOptions, "options"> {
  /** What is tested: the package's default export. */
  readonly plugin: Plugin;
  /**
   * What the agent of the task is: tests for other kinds are not registered. It must be said, since a plugin's agents are
   * known only when it has been set up.
   */
  readonly kind: Agent["kind"];
  /** What the operator writes under `config.<id>`; a function if it is known only when the tests run. */
  readonly options?: object | (() => object | Promise<object>);
  /**
   * A task that succeeds, with every input and every key of `custom` that matters. A function if it is known only when
   * the tests run, for example because it holds the address of a server.
   */
  readonly task: TaskDescription | (() => TaskDescription | Promise<TaskDescription>);
  /** Makes the job of an async agent succeed at the vendor. Without it the job must do so by itself. */
  readonly settle?: (job: ContractJob) => void | Promise<void>;
  /** How long a job may take to end after that. @default 5_000 */
  readonly settlesWithinMs?: number;
  /** Brings a job into a state at the vendor for which the agent answers this phase. */
  readonly states?: { readonly [P in Phase]?: (job: ContractJob) => void | Promise<void> };
  /** Tells whether two jobs are one, if equal jobs may have different bytes. @default the bytes are equal */
  readonly sameJob?: (one: ContractJob, other: ContractJob) => boolean;
  /** A job of which the vendor knows nothing, as `create` would write it. */
  readonly unknownJob?: JsonObject | (() => JsonObject | Promise<JsonObject>);
  /** Keys of `custom` without which a task cannot be run. */
  readonly requiredCustomKeys?: readonly string[];
  /** Inputs without which a task cannot be run. */
  readonly requiredInputs?: readonly string[];
  /** Makes the vendor answer nothing any more, until `cleanUp`: shows that the agent listens to `context.signal`. */
  readonly stall?: () => void | Promise<void>;
  /** Runs after each test. */
  readonly cleanUp?: () => void | Promise<void>;
  /** The generations of Flyte that the plugin serves. @default both */
  readonly generations?: readonly (1 | 2)[];
}
