import { definePlugin, type Plugin } from "@flyte-agent/sdk";
import { bigQueryAgent } from "./agent.ts";
import { createBigQueryClient } from "./api/bigquery-client.ts";
import { createIdentities } from "./authentication/identities.ts";
import { resolveEndpoint } from "./options/endpoint.ts";
import { bigQueryOptionKeys, bigQueryOptions } from "./options/options.ts";

/** The plugin `flyte-agent-bigquery`: one agent for the task type `bigquery_query_job_task`. */
const plugin: Plugin = definePlugin({
  options: bigQueryOptions,
  optionKeys: bigQueryOptionKeys,
  setup: ({ options }) => {
    const { url, isOwn } = resolveEndpoint(options, process.env);
    const identities = createIdentities(options, { isEmulator: isOwn, environment: process.env });
    return [bigQueryAgent(createBigQueryClient(url), identities, options)];
  },
});

export default plugin;
