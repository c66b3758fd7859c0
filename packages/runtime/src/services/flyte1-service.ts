import { create } from "@bufbuild/protobuf";
import { flyteidl1, wire } from "@flyte-agent/idl";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentService } from "./agent-service.ts";
import { asyncMethods } from "./async-methods.ts";
import { findListed, type ListedAgent, listAgents } from "./list-agents.ts";
import { bidiStreaming, ownMessages, type ServiceMethod, unary } from "./service-method.ts";

const { AsyncAgentService, SyncAgentService, AgentMetadataService } = flyteidl1;

/** `flyteidl.service.*`, the services that FlytePropeller calls. */
export function flyte1Service(service: AgentService, registry: AgentRegistry): readonly ServiceMethod[] {
  const { listAgents: list, getAgent } = AgentMetadataService.method;
  return [
    ...asyncMethods(AsyncAgentService.method, service),
    bidiStreaming(
      SyncAgentService.method.executeTaskSync,
      { request: wire.ExecuteTaskSyncRequestSchema, response: wire.ExecuteTaskSyncResponseSchema },
      service.executeTaskSync,
    ),
    unary(list, ownMessages(list), () =>
      create(flyteidl1.ListAgentsResponseSchema, { agents: listAgents(registry).map(toAgent) }),
    ),
    unary(getAgent, ownMessages(getAgent), ({ name }) =>
      create(flyteidl1.GetAgentResponseSchema, { agent: toAgent(findListed(name, listAgents(registry))) }),
    ),
  ];
}

// Older propellers read the deprecated field, newer ones the categories.
function toAgent({ name, isSync, categories }: ListedAgent): flyteidl1.Agent {
  return create(flyteidl1.AgentSchema, {
    name,
    isSync,
    supportedTaskTypes: [...new Set(categories.map((category) => category.name))],
    supportedTaskCategories: [...categories],
  });
}
