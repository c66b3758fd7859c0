import { AgentError, type Plugin } from "@flyte-agent/sdk";
import { issuePath, shownProblem } from "@flyte-agent/sdk/host";
import { closestMatch } from "leven";

/**
 * Checks a plugin's options with the plugin's own schema, and refuses unknown keys with the nearest known one.
 *
 * @param id the plugin's id: the options stand under `config.<id>`.
 * @returns what the schema made of them.
 * @throws AgentError `invalid_option`, naming every problem in the words of the schema, without the value that it refuses: an option
 *   may be a secret by mistake.
 */
export async function checkOptions(plugin: Plugin, id: string, given: unknown): Promise<unknown> {
  const options = given ?? {};
  const at = `config.${id}`;
  if (typeof options !== "object" || Array.isArray(options)) {
    throw new AgentError(
      "invalid_option",
      `${at}: expected an object of options, got ${Array.isArray(options) ? "a list" : typeof options}`,
    );
  }
  const unknown = Object.keys(options).filter((key) => !plugin.optionKeys.includes(key));
  if (unknown.length > 0) {
    throw new AgentError("invalid_option", unknown.map((key) => unknownOption(at, key, plugin.optionKeys)).join("; "));
  }
  if (plugin.options === undefined) return {};
  const result = await plugin.options["~standard"].validate(options);
  if (result.issues === undefined) return result.value;
  const problems = result.issues.map((issue) => {
    const path = issuePath(issue);
    return `${path === "" ? at : `${at}.${path}`}: ${shownProblem(issue, options)}`;
  });
  throw new AgentError("invalid_option", problems.join("; "));
}

function unknownOption(at: string, key: string, known: readonly string[]): string {
  if (known.length === 0) return `${at}.${key}: the plugin has no options`;
  const nearest = closestMatch(key, [...known], { maxDistance: 3 });
  return `${at}.${key}: no such option${nearest === undefined ? `; known: ${known.join(", ")}` : `; did you mean "${nearest}"?`}`;
}
