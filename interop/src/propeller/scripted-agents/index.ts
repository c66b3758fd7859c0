import { definePlugin, type Plugin, type StandardSchema } from "@flyte-agent/sdk";
import { echoAgent } from "./echo-agent.ts";
import { type ScriptedOptions, scriptedAgent } from "./scripted-agent.ts";
import { scriptedSyncAgent } from "./scripted-sync-agent.ts";

// Written by our own suite, and so not checked.
const options: StandardSchema<ScriptedOptions> = {
  "~standard": { version: 1, vendor: "interop", validate: (value) => ({ value: value as ScriptedOptions }) },
};

/** Agents whose jobs go as their tasks say: for tests with real peers. */
const plugin: Plugin = definePlugin({
  options,
  optionKeys: ["deployment", "storeFolder", "s3Endpoint"],
  setup: ({ options }) => [
    scriptedAgent({ name: "Scripted", taskType: "interop_scripted" }, options),
    scriptedSyncAgent(options),
    echoAgent(),
    ...[0, 1, 10].map((taskTypeVersion) =>
      scriptedAgent({ name: "Scripted Versions", taskType: "interop_versions", taskTypeVersion }, options),
    ),
  ],
});

export default plugin;
