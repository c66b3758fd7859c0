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
