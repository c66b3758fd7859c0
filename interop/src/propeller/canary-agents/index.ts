import { definePlugin, type Plugin } from "@flyte-agent/sdk";
import { scriptedAgent } from "../scripted-agents/scripted-agent.ts";

const options = { deployment: "canary", storeFolder: "" };

/** The task types of a second deployment, of which the first may have some. */
const plugin: Plugin = definePlugin({
  setup: () => [
    scriptedAgent({ name: "Scripted Canary", taskType: "interop_canary" }, options),
    scriptedAgent({ name: "Scripted Stable", taskType: "interop_stable" }, options),
  ],
});

export default plugin;
