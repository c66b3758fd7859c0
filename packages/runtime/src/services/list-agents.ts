import { AgentError } from "@flyte-agent/sdk";
import type { AgentRegistry } from "../registry/registry.ts";
import type { TaskCategory } from "../seam/agent-calls.ts";

/** One agent as Flyte lists it: a name with the categories behind it. */
export interface ListedAgent {
  readonly name: string;
  readonly isSync: boolean;
  /** By task type and version: FlytePropeller keeps the last version of a task type, so the newest one comes last. */
  readonly categories: readonly TaskCategory[];
}

/**
 * The agents as ListAgents and ListConnectors answer them: one entry per name, two where a name has sync and async
 * task types, since the entry says which it is.
 */
export function listAgents(registry: AgentRegistry): readonly ListedAgent[] {
  const listed = new Map<string, { name: string; isSync: boolean; categories: TaskCategory[] }>();
  for (const { name, mode, category } of registry.list()) {
    const key = `${mode} ${name}`;
    const entry = listed.get(key) ?? { name, isSync: mode === "sync", categories: [] };
    entry.categories.push(category);
    listed.set(key, entry);
  }
  return [...listed.values()];
}

/** The agent of a name. @throws AgentError `agent_not_found`, naming those that there are. */
export function findListed(name: string, agents: readonly ListedAgent[]): ListedAgent {
  const agent = agents.find((listed) => listed.name === name);
  if (agent !== undefined) return agent;
  const known = agents.map((each) => `"${each.name}"`).join(", ") || "none";
  throw new AgentError("agent_not_found", `no agent is named "${name.slice(0, 100)}"; known: ${known}`);
}
