import type * as v from "valibot";
import { checkData } from "../validation/check-data.ts";
import { problemText } from "../validation/schema-problem.ts";
import { invalidConfig } from "./config-errors.ts";

/**
 * Checks data against a schema.
 *
 * @param subject names the place of a problem by its path: a line of a file, a flag, a variable.
 * @throws AgentError `invalid_config` with a line for every problem.
 */
export function checkConfig<Checked>(
  schema: v.GenericSchema<unknown, Checked>,
  content: unknown,
  subject: (path: readonly (string | number)[]) => string,
): Checked {
  const checked = checkData(schema, content);
  if (checked.kind === "right") return checked.value;
  throw invalidConfig(checked.problems.map((problem) => problemText(subject(problem.path), problem)));
}
