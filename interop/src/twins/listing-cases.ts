import type { TwinCase } from "./twin-case.ts";

const services = [
  "",
  "flyteidl.service.AsyncAgentService",
  "flyteidl.service.SyncAgentService",
  "flyteidl.service.AgentMetadataService",
  "flyteidl2.connector.AsyncConnectorService",
  "flyteidl2.connector.ConnectorMetadataService",
  "grpc.health.v1.Health",
  "nobody.knows.Me",
] as const;

/** ListAgents, GetAgent, ListConnectors, GetConnector and health. */
export const listingCases: readonly TwinCase[] = [
  { name: "list/all", ask: async (client) => (await client.list()).facts },
  ...["Twin", "Plain Twin", "Nobody", "", "twin"].map(
    (name): TwinCase => ({
      name: `describe/"${name}"`,
      ask: async (client) => (await client.describe(name)).facts,
    }),
  ),
  ...["Sync Twin", "Sensor", "Webhook Connector"].map(
    (name): TwinCase => ({
      name: `describe/"${name}"`,
      only: "1",
      ask: async (client) => (await client.describe(name)).facts,
    }),
  ),
  ...services.map(
    (service): TwinCase => ({
      name: `health/check "${service}"`,
      ask: async (client) => (await client.health(service)).facts,
    }),
  ),
  { name: 'health/watch ""', ask: async (client) => (await client.watchHealth("")).facts },
  {
    name: 'health/watch "nobody.knows.Me"',
    ask: async (client) => (await client.watchHealth("nobody.knows.Me")).facts,
  },
];
