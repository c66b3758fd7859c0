import { createClient } from "@connectrpc/connect";
import { runtimeApi } from "@flyte-agent/idl";
import type { PluginRow } from "../plan/plugin-row.ts";
import { endpointTransport } from "./endpoint-transport.ts";

const timeoutMs = 10_000;

const states: Readonly<Record<runtimeApi.PluginState, string>> = {
  [runtimeApi.PluginState.UNSPECIFIED]: "unknown",
  [runtimeApi.PluginState.READY]: "ready",
  [runtimeApi.PluginState.IMPORTING]: "importing",
  [runtimeApi.PluginState.WAITING]: "waiting",
  [runtimeApi.PluginState.QUARANTINED]: "quarantined",
  [runtimeApi.PluginState.DISABLED]: "disabled",
  [runtimeApi.PluginState.REJECTED]: "rejected",
  [runtimeApi.PluginState.INACTIVE]: "inactive",
};

/**
 * Asks a running server for its plugins.
 *
 * @throws AgentError `invalid_request` if there is no such server.
 */
export async function askPlugins(endpoint: string): Promise<readonly PluginRow[]> {
  const { transport, reached, close } = endpointTransport(endpoint);
  try {
    const client = createClient(runtimeApi.RuntimeService, transport);
    const { plugins } = await reached(client.listPlugins({}, { timeoutMs }));
    return plugins.map(rowOf);
  } finally {
    close();
  }
}

function rowOf({ id, packageName, packageVersion, state, reason, fix, agents }: runtimeApi.Plugin): PluginRow {
  const isServed = [runtimeApi.PluginState.READY, runtimeApi.PluginState.IMPORTING].includes(state);
  return {
    id: id === "" ? undefined : id,
    package: packageName,
    version: packageVersion,
    directory: undefined,
    source: undefined,
    state: states[state] ?? "unknown",
    code: undefined,
    reason,
    fix,
    taskTypes: agents.map(({ name, taskType, taskTypeVersion, mode }) => ({
      name: taskType,
      version: taskTypeVersion,
      mode: mode === runtimeApi.AgentMode.SYNC ? "sync" : "async",
      agent: name,
      served: isServed,
    })),
  };
}
