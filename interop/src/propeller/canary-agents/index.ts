import { definePlugin, type Plugin } from "@flyte-agent/sdk";
import { scriptedAgent } from "../scripted-agents/scripted-agent.ts";

/** A task type that only the second deployment serves. */
const plugin: Plugin = definePlugin({
  setup: () => [
    scriptedAgent({ name: "Scripted Canary", taskType: "interop_canary" }, { deployment: "canary", storeFolder: "" }),
  ],
});

export default plugin;
