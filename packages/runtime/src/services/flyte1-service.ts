import { create } from "@bufbuild/protobuf";
import type { ConnectError, ConnectRouter } from "@connectrpc/connect";
import { flyteidl1, wire } from "@flyte-agent/idl";
import { AgentError } from "@flyte-agent/sdk";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentService } from "./agent-service.ts";
import { asyncMethods } from "./async-methods.ts";
import { callReached } from "./call-reached.ts";
import { type Encoding, recode } from "./encoding.ts";
import { type ListedAgent, listAgents } from "./list-agents.ts";
import { toConnectError } from "./to-connect-error.ts";

const { AsyncAgentService, SyncAgentService, AgentMetadataService } = flyteidl1;

/** Serves `flyteidl.service.*`, the services that FlytePropeller calls. */
export function flyte1Service(
  router: ConnectRouter,
  encoding: Encoding,
  service: AgentService,
  registry: AgentRegistry,
): void {
  asyncMethods(router, encoding, AsyncAgentService.method, service);
  executeTaskSync(router, encoding, service);

  router.rpc(AgentMetadataService.method.listAgents, (_request, context) => {
    callReached(context);
    return { agents: listAgents(registry).map(toAgent) };
  });
  router.rpc(AgentMetadataService.method.getAgent, ({ name }, context) => {
    callReached(context);
    const agents = listAgents(registry);
    const agent = agents.find((listed) => listed.name === name);
    if (agent === undefined) throw agentNameNotFound(name, agents);
    return { agent: toAgent(agent) };
  });
}

/** No agent has this name. */
export function agentNameNotFound(name: string, agents: readonly ListedAgent[]): ConnectError {
  const known = agents.map((agent) => `"${agent.name}"`).join(", ") || "none";
  const problem = `no agent is named "${name.slice(0, 100)}"; known: ${known}`;
  return toConnectError(new AgentError("agent_not_found", problem));
}

function executeTaskSync(router: ConnectRouter, encoding: Encoding, service: AgentService): void {
  const method = SyncAgentService.method.executeTaskSync;
  const { ExecuteTaskSyncRequestSchema: request, ExecuteTaskSyncResponseSchema: response } = wire;
  if (encoding === "binary") {
    router.rpc({ ...method, input: request, output: response }, service.executeTaskSync);
    return;
  }
  router.rpc(method, async function* (messages, context) {
    const recoded = mapEach(messages, (message) => recode(method.input, request, message));
    for await (const part of service.executeTaskSync(recoded, context)) yield recode(response, method.output, part);
  });
}

async function* mapEach<From, To>(items: AsyncIterable<From>, map: (item: From) => To): AsyncIterable<To> {
  for await (const item of items) yield map(item);
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
