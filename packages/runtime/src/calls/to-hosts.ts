import type { AgentRegistry, RegisteredAgent } from "../registry/registry.ts";
import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";
import { notSync, pluginUnavailable } from "../seam/call-errors.ts";

/** The end of the way: finds the agent of a call and hands the call to its plugin's host, loading it if need be. */
export function toHosts(registry: AgentRegistry): AgentCalls {
  async function ready(call: AgentCall, signal: AbortSignal): Promise<RegisteredAgent> {
    const agent = registry.get(call.category);
    const { host, pluginId } = agent;
    if (host.state.kind !== "ready") {
      await host.start();
      // Its caller may have been told long ago that this came too late: nothing must be started then.
      signal.throwIfAborted();
    }
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
    create: async (call, signal) => (await ready(call, signal)).host.create(call, signal),
    async do(call, signal) {
      const { mode, host, category } = await ready(call, signal);
      if (mode !== "sync") throw notSync(category);
      return host.do(call, signal);
    },
    get: async (call, signal) => (await ready(call, signal)).host.get(call, signal),
    delete: async (call, signal) => (await ready(call, signal)).host.delete(call, signal),
    metrics: async (call, signal) => (await ready(call, signal)).host.metrics(call, signal),
    logs: async (call, signal) => (await ready(call, signal)).host.logs(call, signal),
  };
}
