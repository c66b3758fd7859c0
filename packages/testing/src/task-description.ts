/**
 * A task for a test: the JSON form of a Flyte task template (`flyteidl.core.TaskTemplate`) with its inputs in plain
 * values beside it, as `flyte-agent run` reads it from a file.
 *
 * ```ts
 * const task = {
 *   type: "timer",
 *   interface: { inputs: { variables: { seconds: { type: { simple: "FLOAT" } } } } },
 *   custom: { unit: "s" },
 *   inputs: { seconds: 2.5 },
 * };
 * ```
 */
export interface TaskDescription {
  /** The task type. */
  readonly type: string;
  /** Declared inputs and outputs: `{ inputs: { variables: { name: { type } } }, outputs: … }`. */
  readonly interface?: object;
  /** The task's configuration, as the SDK that writes the task would put it into `custom`. */
  readonly custom?: object;
  /** Plain values by input name. */
  readonly inputs?: object;
  /** The other fields of a template, for example `metadata` or `sql`. */
  readonly [field: string]: unknown;
}
