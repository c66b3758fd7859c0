import { create } from "@bufbuild/protobuf";
import { flyteidl2 } from "@flyte-agent/idl";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentService } from "./agent-service.ts";
import { asyncMethods } from "./async-methods.ts";
import { findListed, type ListedAgent, listAgents } from "./list-agents.ts";
import { ownMessages, type ServiceMethod, unary } from "./service-method.ts";

const { AsyncConnectorService, ConnectorMetadataService } = flyteidl2;

/** `flyteidl2.connector.*`, the services that Flyte 2's executor calls. */
export function flyte2Service(service: AgentService, registry: AgentRegistry): readonly ServiceMethod[] {
  const { listConnectors, getConnector } = ConnectorMetadataService.method;
  return [
    ...asyncMethods(AsyncConnectorService.method, service),
    unary(listConnectors, ownMessages(listConnectors), () =>
      create(flyteidl2.ListConnectorsResponseSchema, { connectors: listAgents(registry).map(toConnector) }),
    ),
    unary(getConnector, ownMessages(getConnector), ({ name }) =>
      create(flyteidl2.GetConnectorResponseSchema, { connector: toConnector(findListed(name, listAgents(registry))) }),
    ),
  ];
}

function toConnector({ name, categories }: ListedAgent): flyteidl2.Connector {
  return create(flyteidl2.ConnectorSchema, { name, supportedTaskCategories: [...categories] });
}
