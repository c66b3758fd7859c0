import { AgentError } from "./agent-error.ts";
import { checkCustom } from "./check-custom.ts";
import { schemaProblem } from "./schema-problem.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { Task } from "./task.ts";

/** What an agent takes, each part if it says so. */
export interface TaskSchemas<Inputs, Custom> {
  readonly inputs?: StandardSchema<Inputs> | undefined;
  readonly custom?: StandardSchema<Custom> | undefined;
}

/**
 * The task with its configuration and inputs as the agent's schemas make them.
 *
 * @throws AgentError `invalid_task` or `invalid_input` that names what does not fit, without its value.
 */
export async function checkTask<Inputs, Custom>(
  task: Task,
  schemas: TaskSchemas<Inputs, Custom>,
): Promise<Task<Inputs, Custom>> {
  const custom = schemas.custom === undefined ? task.custom : await checkCustom(task.custom, schemas.custom);
  const inputs = schemas.inputs === undefined ? task.inputs : await checkedInputs(task, schemas.inputs);
  // Spreading would make the literals and the template, which many agents never ask for.
  const descriptors = Object.getOwnPropertyDescriptors(task);
  const checked = { custom: { value: custom, enumerable: true }, inputs: { value: inputs, enumerable: true } };
  // All members of the task. Without a schema, the type of a part is its default, which is that of every task.
  return Object.defineProperties({}, { ...descriptors, ...checked }) as Task<Inputs, Custom>;
}

async function checkedInputs<Inputs>({ inputs }: Task, schema: StandardSchema<Inputs>): Promise<Inputs> {
  const result = await schema["~standard"].validate(inputs);
  if (result.issues === undefined) return result.value;
  const problems = [...new Set(result.issues.slice(0, 3).map((issue) => schemaProblem(issue, inputs)))];
  throw new AgentError("invalid_input", `the inputs are not what the agent takes: ${problems.join(", ")}`);
}
