import { create } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2, grpcHealth } from "@flyte-agent/idl";
import { grpcCode } from "../calls/grpc-code.ts";
import { type MethodCall, ownMessages, type ServiceMethod, serverStreaming, unary } from "./service-method.ts";
import { StatusError } from "./status.ts";

const { check, list, watch } = grpcHealth.Health.method;
const { HealthCheckResponseSchema, HealthListResponseSchema } = grpcHealth;
const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = grpcHealth.HealthCheckResponse_ServingStatus;

/** Whether the server and its plugins are able to serve. */
export interface Health {
  /** Says whether new calls are wanted; `false` while the server drains. */
  setServing(isServing: boolean): void;
  /** Says whether a plugin is loaded; its service name is `plugin:<id>`. */
  setPlugin(pluginId: string, isReady: boolean): void;
  /** Ends all watches. */
  close(): void;
  /** `grpc.health.v1.Health`. */
  readonly methods: readonly ServiceMethod[];
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

  async function* changes(service: string, call: MethodCall): AsyncGenerator<grpcHealth.HealthCheckResponse> {
    let told: Status | undefined;
    let isGone = false;
    let change = Promise.withResolvers<void>();
    const wake = (): void => change.resolve();
    call.whenGone(() => {
      isGone = true;
      wake();
    });
    watchers.add(wake);
    try {
      while (!isClosed && !isGone) {
        const status = statuses.get(service) ?? SERVICE_UNKNOWN;
        if (status !== told) {
          told = status;
          yield create(HealthCheckResponseSchema, { status });
          continue;
        }
        await change.promise;
        change = Promise.withResolvers();
      }
    } finally {
      watchers.delete(wake);
    }
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
    methods: [
      unary(check, ownMessages(check), ({ service }) => {
        const status = statuses.get(service);
        if (status === undefined) throw new StatusError(grpcCode.notFound, "");
        return create(HealthCheckResponseSchema, { status });
      }),
      serverStreaming(watch, ownMessages(watch), ({ service }, call) => changes(service, call)),
      unary(list, ownMessages(list), () =>
        create(HealthListResponseSchema, {
          statuses: Object.fromEntries([...statuses].map(([service, status]) => [service, { status }])),
        }),
      ),
    ],
  };
}
