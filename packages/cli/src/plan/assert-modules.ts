import { existsSync } from "node:fs";
import { type Plan, withFix } from "@flyte-agent/runtime";
import { AgentError } from "@flyte-agent/sdk";

/**
 * Refuses a plan that lacks what `--modules` asked for: whoever names a plugin does not want to go on without it.
 *
 * @throws AgentError `plugin_unavailable` naming each, and the way to fix it.
 */
export function assertModules({ entries }: Plan): void {
  const problems = entries.flatMap(({ candidate, verdict }) => {
    if (candidate.source !== "modules-flag" || verdict.kind !== "rejected") return [];
    const { packageName: name } = candidate;
    // A path without a dot in front is taken for the name of a package.
    const fix =
      verdict.code === "not-found" && existsSync(name) ? `write ./${name} to name the directory` : verdict.fix;
    return [withFix(`--modules ${name}: ${verdict.reason}`, fix)];
  });
  if (problems.length > 0) throw new AgentError("plugin_unavailable", problems.join("\n"));
}
