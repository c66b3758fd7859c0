import { AgentError } from "./agent-error.ts";
import { schemaProblem } from "./schema-problem.ts";
import type { StandardSchema } from "./standard-schema.ts";
import type { Task } from "./task.ts";

/**
 * The task with its inputs as the agent's schema makes them.
 *
 * @throws AgentError `invalid_input` that names the inputs that do not fit, without their values.
 */
export async function checkInputs<Inputs>(task: Task, schema: StandardSchema<Inputs>): Promise<Task<Inputs>> {
  const result = await schema["~standard"].validate(task.inputs);
  if (result.issues !== undefined) {
    const problems = [...new Set(result.issues.slice(0, 3).map((issue) => schemaProblem(issue, task.inputs)))];
    throw new AgentError("invalid_input", `the inputs are not what the agent takes: ${problems.join(", ")}`);
  }
  // Spreading would make the literals, which many agents never ask for.
  const descriptors = Object.getOwnPropertyDescriptors(task);
  const inputs = { value: result.value, enumerable: true };
  // All members of the task, and inputs of the schema's type.
  return Object.defineProperties({}, { ...descriptors, inputs }) as Task<Inputs>;
}
