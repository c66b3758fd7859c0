import type { Agent } from "@flyte-agent/sdk";
import { modeOf, pluginInvalid } from "@flyte-agent/sdk/host";
import type { DeclaredAgent } from "../discovery/manifest.ts";
import { categoryKey } from "../seam/agent-calls.ts";

/**
 * Compares what a plugin's `setup` returned with what its manifest declares.
 *
 * @returns the agents by `categoryKey`.
 * @throws AgentError `plugin_invalid` if they are not the same.
 */
export function declaredAgents(agents: unknown, declared: readonly DeclaredAgent[]): ReadonlyMap<string, Agent> {
  if (!Array.isArray(agents)) throw pluginInvalid(`setup must return a list of agents, got ${typeof agents}`);
  const registered = new Map<string, Agent>();
  // `define…Agent` made them; the comparison below reads them member by member.
  for (const agent of agents as readonly Agent[]) {
    const key = categoryKey({ name: agent.taskType, version: agent.taskTypeVersion });
    if (registered.has(key)) throw pluginInvalid(`setup returned two agents for task type ${key}`);
    registered.set(key, agent);
  }
  const expected = declared.map(describe);
  const got = [...registered].map(([key, agent]) => `${key} (${modeOf(agent)}, "${agent.name}")`);
  const missing = expected.filter((agent) => !got.includes(agent));
  const extra = got.filter((agent) => !expected.includes(agent));
  if (missing.length === 0 && extra.length === 0) return registered;
  throw pluginInvalid(
    "the agents that setup returned are not those of the manifest" +
      `${missing.length === 0 ? "" : `; declared but not returned: ${missing.join(", ")}`}` +
      `${extra.length === 0 ? "" : `; returned but not declared: ${extra.join(", ")}`}`,
  );
}

function describe({ category, mode, name }: DeclaredAgent): string {
  return `${categoryKey(category)} (${mode}, "${name}")`;
}
