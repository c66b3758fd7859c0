import { Code, ConnectError, type ConnectRouter } from "@connectrpc/connect";
import { flyteidl1, flyteidl2, grpcHealth } from "@flyte-agent/idl";
import { callReached } from "./call-reached.ts";

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = grpcHealth.HealthCheckResponse_ServingStatus;

/** Whether the server and its plugins are able to serve. */
export interface Health {
  /** Says whether new calls are wanted; `false` while the server drains. */
  setServing(isServing: boolean): void;
  /** Says whether a plugin is loaded; its service name is `plugin:<id>`. */
  setPlugin(pluginId: string, isReady: boolean): void;
  /** Ends all watches. */
  close(): void;
  /** Serves `grpc.health.v1.Health`. */
  routes(router: ConnectRouter): void;
}

type Status = grpcHealth.HealthCheckResponse_ServingStatus;

/**
 * Makes `grpc.health.v1`: the names that the Python servers know (`""` and each service) and one per plugin. A broken
 * plugin does not make the server unhealthy, since the others are served.
 */
export function createHealth(): Health {
  const statuses = new Map<string, Status>();
  const watchers = new Set<() => void>();
  const services = [
    "",
    flyteidl1.AsyncAgentService.typeName,
    flyteidl1.SyncAgentService.typeName,
    flyteidl1.AgentMetadataService.typeName,
    flyteidl2.AsyncConnectorService.typeName,
    flyteidl2.ConnectorMetadataService.typeName,
    grpcHealth.Health.typeName,
  ];
  let isClosed = false;

  function set(service: string, status: Status): void {
    statuses.set(service, status);
    for (const wake of watchers) wake();
  }
  for (const service of services) set(service, SERVING);

  async function* watch(service: string, signal: AbortSignal): AsyncGenerator<{ status: Status }> {
    let told: Status | undefined;
    while (!isClosed && !signal.aborted) {
      const status = statuses.get(service) ?? SERVICE_UNKNOWN;
      if (status !== told) {
        told = status;
        yield { status };
        continue;
      }
      await change(signal);
    }
  }

  function change(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const wake = (): void => resolve();
    watchers.add(wake);
    signal.addEventListener("abort", wake, { once: true });
    return promise.finally(() => {
      watchers.delete(wake);
      signal.removeEventListener("abort", wake);
    });
  }

  return {
    setServing(isServing) {
      for (const service of services) set(service, isServing ? SERVING : NOT_SERVING);
    },
    setPlugin: (pluginId, isReady) => set(`plugin:${pluginId}`, isReady ? SERVING : NOT_SERVING),
    close() {
      isClosed = true;
      for (const wake of watchers) wake();
    },
    routes(router) {
      router.service(grpcHealth.Health, {
        check({ service }, context) {
          callReached(context);
          const status = statuses.get(service);
          if (status === undefined) throw new ConnectError("", Code.NotFound);
          return { status };
        },
        watch({ service }, context) {
          callReached(context);
          return watch(service, context.signal);
        },
        list(_request, context) {
          callReached(context);
          return { statuses: Object.fromEntries([...statuses].map(([service, status]) => [service, { status }])) };
        },
      });
    },
  };
}
