import { AgentError, type FlyteOutput, invalidTask, type LiteralType } from "@flyte-agent/sdk";
import { readTask, writeInputs } from "@flyte-agent/sdk/host";
import { plainInput } from "./plain-input.ts";
import type { TaskCategory } from "./task-category.ts";

/** A task that can be sent to an agent of either generation. */
export interface TaskToRun {
  /** Who is asked to run it. */
  readonly category: TaskCategory;
  /** Encoded `flyteidl.core.TaskTemplate`, which `flyteidl2.core.TaskTemplate` is too. */
  readonly template: Uint8Array;
  /** Encoded `flyteidl.core.LiteralMap`, which `flyteidl2.task.Inputs` is too. */
  readonly inputs: Uint8Array;
  /** Declared types by input name. */
  readonly inputTypes: ReadonlyMap<string, LiteralType>;
  /** Declared types by output name. */
  readonly outputTypes: ReadonlyMap<string, LiteralType>;
  /** The time that the task allows itself (`metadata.timeout`) in milliseconds, `undefined` if unlimited. */
  readonly timeoutMs: number | undefined;
}

/**
 * Puts a template and plain inputs together.
 *
 * @param template an encoded TaskTemplate of either generation.
 * @param inputs an object of plain values by input name; `undefined` for none.
 * @throws AgentError `invalid_task` without a task type; `invalid_input` for inputs that are not as declared.
 */
export function taskToRun(template: Uint8Array, inputs: unknown): TaskToRun {
  const task = readTask({ template, inputs: nothing }, { integers: "auto" });
  const { type, typeVersion, inputTypes, outputTypes, timeoutMs } = task;
  if (type === "") throw invalidTask("type", "is missing: name the task type, for example type: webhook");
  const values = inputs ?? {};
  if (typeof values !== "object" || Array.isArray(values)) {
    throw new AgentError("invalid_input", `inputs: expected an object of values by input name, got ${kindOf(values)}`);
  }
  const ready = Object.entries(values).map(([name, value]) => [name, plainInput(value, inputTypes.get(name))] as const);
  return {
    category: { name: type, version: typeVersion },
    template,
    // writeInputs checks each value against the declared type.
    inputs: writeInputs(Object.fromEntries(ready) as Readonly<Record<string, FlyteOutput>>, inputTypes),
    inputTypes,
    outputTypes,
    timeoutMs,
  };
}

const nothing = new Uint8Array();

function kindOf(value: unknown): string {
  return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}
