import type { DeclaredAgent } from "../discovery/manifest.ts";
import type { AgentHost } from "../host/agent-host.ts";
import type { Plan } from "../plan/plan.ts";
import type { TaskCategory } from "../seam/agent-calls.ts";
import { categoryKey } from "../seam/agent-calls.ts";
import { agentNotFound } from "../seam/call-errors.ts";

/** An agent that is served: what its manifest declares, the plugin it belongs to, and the host that runs it. */
export interface RegisteredAgent extends DeclaredAgent {
  /** The plugin that brings it. */
  readonly pluginId: string;
  /** Where it runs. */
  readonly host: AgentHost;
}

/** Which agent serves a task category. Filled from the plan: it is complete before any plugin is imported. */
export interface AgentRegistry {
  /** @throws AgentError `agent_not_found`, naming what is served. */
  get(category: TaskCategory): RegisteredAgent;
  /** The agent of a category, `undefined` if nobody serves it. */
  find(category: TaskCategory): RegisteredAgent | undefined;
  /** All agents, in code-unit order of task type and then by version. */
  list(): readonly RegisteredAgent[];
}

/**
 * Makes the registry of a plan.
 *
 * @param hosts the host of each accepted plugin, by plugin id.
 */
export function createRegistry(plan: Plan, hosts: ReadonlyMap<string, AgentHost>): AgentRegistry {
  const byType = new Map<string, Map<number, RegisteredAgent>>();
  const agents: RegisteredAgent[] = [];
  for (const { manifest, verdict } of plan.entries) {
    if (verdict.kind !== "accepted" || manifest === undefined) continue;
    const host = hosts.get(manifest.id);
    if (host === undefined) continue;
    for (const agent of manifest.agents) {
      const key = categoryKey(agent.category);
      if (plan.owners.get(key) !== manifest.id) continue;
      const registered = { ...agent, pluginId: manifest.id, host };
      agents.push(registered);
      const { name, version } = agent.category;
      byType.set(name, (byType.get(name) ?? new Map<number, RegisteredAgent>()).set(version, registered));
    }
  }
  agents.sort(byTypeThenVersion);
  const find = ({ name, version }: TaskCategory): RegisteredAgent | undefined => byType.get(name)?.get(version);
  return {
    find,
    get(category) {
      const agent = find(category);
      if (agent !== undefined) return agent;
      throw agentNotFound(
        category,
        agents.map((served) => served.category),
      );
    },
    list: () => agents,
  };
}

function byTypeThenVersion(a: RegisteredAgent, b: RegisteredAgent): number {
  if (a.category.name !== b.category.name) return a.category.name < b.category.name ? -1 : 1;
  return a.category.version - b.category.version;
}
