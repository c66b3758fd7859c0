import type { AgentCall, AgentCalls } from "../host/agent-host.ts";
import type { AgentRegistry, RegisteredAgent } from "../registry/registry.ts";
import { notSync, pluginUnavailable } from "./call-errors.ts";

/** The end of the way: finds the agent of a call and hands the call to its plugin's host, loading it if need be. */
export function toHosts(registry: AgentRegistry): AgentCalls {
  async function ready(call: AgentCall): Promise<RegisteredAgent> {
    const agent = registry.get(call.category);
    const { host, pluginId } = agent;
    if (host.state.kind !== "ready") await host.start();
    switch (host.state.kind) {
      case "ready":
        return agent;
      case "quarantined":
        throw pluginUnavailable(pluginId, host.state.reason);
      default:
        throw pluginUnavailable(pluginId, "the server is stopping");
    }
  }
  return {
    create: async (call, signal) => (await ready(call)).host.create(call, signal),
    async do(call, signal) {
      const { mode, host, category } = await ready(call);
      if (mode !== "sync") throw notSync(category);
      return host.do(call, signal);
    },
    get: async (call, signal) => (await ready(call)).host.get(call, signal),
    delete: async (call, signal) => (await ready(call)).host.delete(call, signal),
    metrics: async (call, signal) => (await ready(call)).host.metrics(call, signal),
    logs: async (call, signal) => (await ready(call)).host.logs(call, signal),
  };
}
