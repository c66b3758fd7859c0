import { defineAsyncAgent, definePlugin, type Plugin, running } from "@flyte-agent/sdk";
import * as v from "valibot";

/** The agent that is measured, on our server: its jobs are always at work. `../../python` has it on the Python servers. */
const plugin: Plugin = definePlugin({
  setup: () => [
    defineAsyncAgent({
      name: "Bench",
      taskType: "bench",
      job: v.object({ job_id: v.string() }),
      create: async (task) => ({ job_id: String(task.inputs.name ?? "job") }),
      get: async () => running({ message: "at work" }),
      delete: async () => {},
    }),
  ],
});

export default plugin;
