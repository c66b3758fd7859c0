import type { FlyteOutput, LiteralType } from "@flyte-agent/literals";
import { writeLiteralMap } from "@flyte-agent/literals";
import { converting } from "./converting.ts";

/** How plain numbers inside structures without schema are meant. */
export interface WriteLiteralsOptions {
  /** `"auto"`: whole numbers are integers. `"bigint"`: only bigint is, every number is a float. @default "auto" */
  readonly integers?: "auto" | "bigint";
}

/**
 * Encodes the outputs of a task as `flyteidl.core.LiteralMap`, which `flyteidl2.task.Outputs` is too.
 *
 * @param declared types by output name, in whose order they are written; `undefined` if the interface is not known:
 *   values then speak for themselves.
 * @throws AgentError `invalid_output` with the path, for example `output "rows"[3].total: expected FLOAT, got string
 *   "n/a"`; also for outputs that are missing or not declared.
 */
export function writeOutputs(
  outputs: Readonly<Record<string, FlyteOutput>>,
  declared: ReadonlyMap<string, LiteralType> | undefined,
  options: WriteLiteralsOptions = {},
): Uint8Array {
  const { integers = "auto" } = options;
  return converting(() => writeLiteralMap(outputs, declared, { direction: "output", integers }));
}

/**
 * Encodes the inputs of a task as `flyteidl.core.LiteralMap`, which `flyteidl2.task.Inputs` is too. Inputs may be
 * missing.
 *
 * @throws AgentError `invalid_input` with the path.
 */
export function writeInputs(
  values: Readonly<Record<string, FlyteOutput>>,
  declared: ReadonlyMap<string, LiteralType>,
  options: WriteLiteralsOptions = {},
): Uint8Array {
  const { integers = "auto" } = options;
  return converting(() => writeLiteralMap(values, declared, { direction: "input", integers }));
}
