import { stringify } from "yaml";
import type { TaskTypeRow } from "../plan/plugin-row.ts";

/** What of a server Flyte's configuration depends on. */
export interface ServedForFlyte {
  readonly port: number;
  readonly tls: boolean;
  readonly taskTypes: readonly TaskTypeRow[];
}

/** A piece of Flyte's configuration to paste. */
export interface FlyteConfiguration {
  readonly title: string;
  readonly yaml: string;
}

/** Makes the configuration with which each generation of Flyte finds a server and its task types. */
export function flyteConfigurations(served: ServedForFlyte): readonly FlyteConfiguration[] {
  const deployment = deploymentOf(served);
  const { ListConnectors, ExecuteTaskSync, ...timeouts } = deployment.timeouts;
  const hasSync = served.taskTypes.some(({ mode }) => mode === "sync");
  const sync = hasSync ? { ExecuteTaskSync } : {};
  const names = [...new Set(served.taskTypes.map(({ name }) => name))];
  return [
    {
      title: "Flyte 1, FlytePropeller 1.15.1 and newer",
      yaml: stringify({
        tasks: { "task-plugins": { "enabled-plugins": [...ownPlugins, "connector-service"] } },
        plugins: {
          "connector-service": {
            defaultConnector: { ...deployment, timeouts: { ...timeouts, ...sync, ListConnectors } },
          },
        },
      }),
    },
    {
      title: "Flyte 1, older FlytePropellers",
      yaml: stringify({
        tasks: { "task-plugins": { "enabled-plugins": [...ownPlugins, "agent-service"] } },
        plugins: {
          "agent-service": {
            defaultAgent: { ...deployment, timeouts: { ...timeouts, ...sync, ListAgents: ListConnectors } },
          },
        },
      }),
    },
    {
      // Its executor routes by this list alone; what the server lists only says where a task type is served.
      title: "Flyte 2",
      yaml: stringify({
        tasks: {
          "task-plugins": {
            "default-for-task-types": Object.fromEntries(names.map((name) => [name, "connector-service"])),
          },
        },
        plugins: {
          "connector-service": { defaultConnector: { ...deployment, timeouts: { ...timeouts, ListConnectors } } },
        },
      }),
    },
  ];
}

/** Flyte's own plugins that most installations use; an entry in this list takes the place of the default list. */
const ownPlugins = ["container", "sidecar", "k8s-array"];

function deploymentOf({ port, tls }: ServedForFlyte) {
  return {
    endpoint: `dns:///flyte-agent.flyte.svc.cluster.local:${port}`,
    insecure: !tls,
    defaultServiceConfig: '{"loadBalancingConfig": [{"round_robin":{}}]}',
    defaultTimeout: "10s",
    timeouts: { CreateTask: "30s", GetTask: "10s", DeleteTask: "30s", ExecuteTaskSync: "30s", ListConnectors: "10s" },
  };
}
