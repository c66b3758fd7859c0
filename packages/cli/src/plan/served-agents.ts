import { type AgentServer, categoryKey, type Plan, type ResolvedConfig } from "@flyte-agent/runtime";

/** An agent of a running server, as the table shows it. */
export interface ServedAgent {
  readonly name: string;
  /** `type@version` */
  readonly taskType: string;
  readonly mode: "async" | "sync";
  /** Id and version. */
  readonly plugin: string;
  readonly packageName: string;
  readonly state: string;
  /** Why its plugin could not be loaded, and how to fix it; `""` if it could. */
  readonly reason: string;
  readonly fix: string;
}

/** The agents of a server with the state of their plugins. */
export function servedAgents(server: AgentServer, plan: Plan): readonly ServedAgent[] {
  return server.registry.list().map(({ name, category, mode, pluginId, host: { state } }) => {
    const entry = plan.entries.find(
      ({ manifest, verdict }) => manifest?.id === pluginId && verdict.kind === "accepted",
    );
    const { packageName = pluginId, packageVersion = "" } = entry?.candidate ?? {};
    return {
      name,
      taskType: categoryKey(category),
      mode,
      plugin: `${pluginId} ${packageVersion}`.trimEnd(),
      packageName,
      state: state.kind,
      reason: state.kind === "quarantined" ? state.reason : "",
      fix: state.kind === "quarantined" ? state.fix : "",
    };
  });
}

/** Where a server can be reached from this machine. */
export interface ServedAt {
  /** `host:port` */
  readonly endpoint: string;
  readonly scheme: "http" | "https";
  readonly metrics: string | undefined;
}

/** The addresses of a server as this machine would type them. */
export function servedAt({ host, port, metricsPort }: AgentServer, { server: { tls } }: ResolvedConfig): ServedAt {
  const isEveryAddress = host === "::" || host === "0.0.0.0";
  const name = isEveryAddress ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return {
    endpoint: `${name}:${port}`,
    scheme: tls === undefined ? "http" : "https",
    metrics: metricsPort === undefined ? undefined : `http://${name}:${metricsPort}/metrics`,
  };
}
