import { create } from "@bufbuild/protobuf";
import { runtimeApi } from "@flyte-agent/idl";
import type { AgentHost, HostState } from "../host/agent-host.ts";
import type { Plan, PlanEntry } from "../plan/plan.ts";
import { ownMessages, type ServiceMethod, unary } from "./service-method.ts";

const { PluginState, AgentMode } = runtimeApi;

/** `flyteagent.runtime.v1.RuntimeService`: what is loaded, what is not, and why. */
export function runtimeService(plan: Plan, hosts: ReadonlyMap<string, AgentHost>): readonly ServiceMethod[] {
  const { listPlugins } = runtimeApi.RuntimeService.method;
  return [
    unary(listPlugins, ownMessages(listPlugins), () => {
      const plugins = plan.entries.map((entry) => describe(entry, hosts.get(entry.manifest?.id ?? "")?.state));
      return create(runtimeApi.ListPluginsResponseSchema, { plugins });
    }),
  ];
}

function describe({ candidate, manifest, verdict }: PlanEntry, state: HostState | undefined): runtimeApi.Plugin {
  const { reason, fix } = verdict.kind === "accepted" ? reasonOf(state) : verdict;
  return create(runtimeApi.PluginSchema, {
    id: manifest?.id ?? "",
    packageName: candidate.packageName,
    packageVersion: candidate.packageVersion,
    state: verdict.kind === "accepted" ? stateOf(state) : refused[verdict.kind],
    reason,
    fix,
    agents: (manifest?.agents ?? []).map(({ name, category, mode }) => ({
      name,
      taskType: category.name,
      taskTypeVersion: category.version,
      mode: mode === "sync" ? AgentMode.SYNC : AgentMode.ASYNC,
    })),
  });
}

const refused = {
  disabled: PluginState.DISABLED,
  inactive: PluginState.INACTIVE,
  rejected: PluginState.REJECTED,
} as const;

const loading = {
  waiting: PluginState.WAITING,
  importing: PluginState.IMPORTING,
  ready: PluginState.READY,
  quarantined: PluginState.QUARANTINED,
  stopping: PluginState.WAITING,
  stopped: PluginState.WAITING,
} as const;

function stateOf(state: HostState | undefined): runtimeApi.PluginState {
  return state === undefined ? PluginState.WAITING : loading[state.kind];
}

function reasonOf(state: HostState | undefined): { readonly reason: string; readonly fix: string } {
  return state?.kind === "quarantined" ? state : { reason: "", fix: "" };
}
