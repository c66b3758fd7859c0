import type { Manifest } from "@flyte-agent/runtime";
import { modeOf } from "@flyte-agent/sdk/host";
import type { WatchedPlugin } from "./watch-plugin.ts";

/** A manifest that declares whatever the plugin's `setup` returns, and nothing before that. */
export function undeclaredManifest(watched: WatchedPlugin): Manifest {
  return {
    apiVersion: 1,
    id: "plugin",
    entry: undefined,
    get agents() {
      return watched.agents.map((agent) => ({
        category: { name: agent.taskType, version: agent.taskTypeVersion },
        mode: modeOf(agent),
        name: agent.name,
      }));
    },
    displayName: undefined,
    docs: undefined,
    secrets: [],
    env: [],
    isolation: "inline",
    load: "warm",
    permissions: { net: [], fsRead: [], fsWrite: [], childProcess: false, nativeAddons: false },
    timeouts: { importMs: 10_000, activateMs: 30_000, requestMs: undefined },
  };
}
