import type { AgentHost } from "../host/agent-host.ts";
import type { AgentRegistry, RegisteredAgent } from "../registry/registry.ts";
import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";
import { notSync, pluginUnavailable } from "../seam/call-errors.ts";

/** The end of the way: finds the agent of a call and hands the call to its plugin's host, loading it if need be. */
export function toHosts(registry: AgentRegistry): AgentCalls {
  // Without a promise of its own where the plugin is loaded, as it is for all calls but the first.
  function onHost<Answer>(
    call: AgentCall,
    signal: AbortSignal,
    ask: (host: AgentHost) => Promise<Answer>,
  ): Promise<Answer> {
    const agent = registry.find(call.category);
    return agent?.host.state.kind === "ready" ? ask(agent.host) : ready(call, signal).then(({ host }) => ask(host));
  }

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
    create: (call, signal) => onHost(call, signal, (host) => host.create(call, signal)),
    async do(call, signal) {
      const { mode, host, category } = await ready(call, signal);
      if (mode !== "sync") throw notSync(category);
      return host.do(call, signal);
    },
    get: (call, signal) => onHost(call, signal, (host) => host.get(call, signal)),
    delete: (call, signal) => onHost(call, signal, (host) => host.delete(call, signal)),
    metrics: (call, signal) => onHost(call, signal, (host) => host.metrics(call, signal)),
    logs: (call, signal) => onHost(call, signal, (host) => host.logs(call, signal)),
  };
}
