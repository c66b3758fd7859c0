import type { JsonObject, Task } from "@flyte-agent/sdk";
import type { DatetimeType } from "../options/datetime-type.ts";
import { literalShape } from "../parameters/literal-shape.ts";
import { parameterTypeShape } from "../parameters/parameter-type-shape.ts";
import { toParameter } from "../parameters/to-parameter.ts";
import { type ConfiguredParameter, isSameName } from "./configured-parameter.ts";

/** An input as a named parameter of the query (`QueryParameter`). */
export interface NamedParameter {
  readonly name: string;
  readonly type: JsonObject;
  readonly value: JsonObject;
}

/**
 * Makes a named parameter of each input that the task declares; one that Flyte did not send is NULL. A parameter of the
 * same name in the task's QueryJobConfig says what type it is to be.
 *
 * @throws AgentError `invalid_input` for what BigQuery cannot be told.
 */
export function queryParameters(
  { inputTypes, inputs }: Pick<Task, "inputTypes" | "inputs">,
  configured: readonly ConfiguredParameter[],
  datetimeType: DatetimeType,
): readonly NamedParameter[] {
  return [...inputTypes].map(([name, declared]) => {
    const named = configured.find((parameter) => isSameName(parameter.name, name));
    const shape = parameterTypeShape(named?.json.parameterType) ?? literalShape(declared, datetimeType);
    return { name, ...toParameter(name, shape, inputs[name] ?? null) };
  });
}
