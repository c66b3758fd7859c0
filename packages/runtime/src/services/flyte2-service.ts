import { create } from "@bufbuild/protobuf";
import type { ConnectRouter } from "@connectrpc/connect";
import { flyteidl2 } from "@flyte-agent/idl";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentService } from "./agent-service.ts";
import { asyncMethods } from "./async-methods.ts";
import { callReached } from "./call-reached.ts";
import type { Encoding } from "./encoding.ts";
import { agentNameNotFound } from "./flyte1-service.ts";
import { type ListedAgent, listAgents } from "./list-agents.ts";

const { AsyncConnectorService, ConnectorMetadataService } = flyteidl2;

/** Serves `flyteidl2.connector.*`, the services that Flyte 2's executor calls. */
export function flyte2Service(
  router: ConnectRouter,
  encoding: Encoding,
  service: AgentService,
  registry: AgentRegistry,
): void {
  asyncMethods(router, encoding, AsyncConnectorService.method, service);

  router.rpc(ConnectorMetadataService.method.listConnectors, (_request, context) => {
    callReached(context);
    return { connectors: listAgents(registry).map(toConnector) };
  });
  router.rpc(ConnectorMetadataService.method.getConnector, ({ name }, context) => {
    callReached(context);
    const agents = listAgents(registry);
    const agent = agents.find((listed) => listed.name === name);
    if (agent === undefined) throw agentNameNotFound(name, agents);
    return { connector: toConnector(agent) };
  });
}

function toConnector({ name, categories }: ListedAgent): flyteidl2.Connector {
  return create(flyteidl2.ConnectorSchema, { name, supportedTaskCategories: [...categories] });
}
