import { definePlugin, type Plugin } from "@flyte-agent/sdk";
import { webhookAgent } from "./agent.ts";
import { webhookOptionKeys, webhookOptions } from "./options/options.ts";

/** The plugin `flyte-agent-webhook`: one sync agent for the task type `webhook`. */
const plugin: Plugin = definePlugin({
  options: webhookOptions,
  optionKeys: webhookOptionKeys,
  setup: ({ options }) => [webhookAgent(options)],
});

export default plugin;
