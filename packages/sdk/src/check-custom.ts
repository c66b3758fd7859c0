import { AgentError } from "./agent-error.ts";
import { placedProblem } from "./schema-problem.ts";
import type { StandardSchema } from "./standard-schema.ts";

/**
 * Checks a task's configuration with a schema, as the member `custom` of an agent does before its handler is called. For
 * agents that must fill in inputs first ({@link renderInputs}).
 *
 * @returns what the schema makes of it.
 * @throws AgentError `invalid_task` that names each place and what would fit, without values: `custom.url: is missing`.
 */
export async function checkCustom<Custom>(custom: unknown, schema: StandardSchema<Custom>): Promise<Custom> {
  const result = await schema["~standard"].validate(custom);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.slice(0, 3).map((issue) => {
    const { path, problem } = placedProblem(issue, custom);
    return `custom${path === "" || path.startsWith("[") ? path : `.${path}`}: ${problem}`;
  });
  throw new AgentError("invalid_task", [...new Set(problems)].join(", "));
}
