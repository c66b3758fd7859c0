import * as v from "valibot";
import { invalidConfig } from "./config-errors.ts";
import { findProtoKey } from "./find-proto-key.ts";
import { schemaProblem } from "./schema-problem.ts";

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
  const protoKey = findProtoKey(content);
  if (protoKey !== undefined) throw invalidConfig([`${subject(protoKey)} must not have the name __proto__`]);
  const result = v.safeParse(schema, content);
  if (result.success) return result.output;
  throw invalidConfig(
    result.issues.map((issue) => {
      const { path, problem } = schemaProblem(schema, issue);
      return `${subject(path)}${/^(is|has) /.test(problem) ? " " : ": "}${problem}`;
    }),
  );
}
