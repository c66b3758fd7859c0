import { flyteidl2 } from "@flyte-agent/idl";
import { invalidInput, type LiteralType, type Task } from "@flyte-agent/sdk";

/**
 * Makes sure that a call brings every input that its task declares, so that no agent finds out at the first poll. An
 * optional one (a union with none) may be left out.
 *
 * @throws AgentError `invalid_input`, naming the first that is missing.
 */
export function refuseMissingInputs({ inputTypes, inputs }: Task): void {
  for (const [name, type] of inputTypes) {
    if (Object.hasOwn(inputs, name) || isOptional(type)) continue;
    throw invalidInput(name, "the task declares it, but the call does not bring it: give it a value in the workflow");
  }
}

function isOptional({ type }: LiteralType): boolean {
  return (
    type.case === "unionType" &&
    type.value.variants.some(({ type }) => type.case === "simple" && type.value === flyteidl2.SimpleType.NONE)
  );
}
