import { defineAsyncAgent, definePlugin, invalidInput, running, succeeded } from "@flyte-agent/sdk";
import * as v from "valibot";

export default definePlugin({
  setup: () => [
    defineAsyncAgent({
      name: "Timer",
      taskType: "timer",
      job: v.object({ due_ms: v.number() }),
      async create(task) {
        const { seconds } = task.inputs;
        if (typeof seconds !== "number") throw invalidInput("seconds", "expected a number of seconds");
        return { due_ms: Date.now() + seconds * 1000 };
      },
      async get(job) {
        const seconds = Math.ceil((job.due_ms - Date.now()) / 1000);
        if (seconds > 0) return running({ message: `${seconds} s to go` });
        return succeeded({ outputs: { rang_at: new Date(job.due_ms) } });
      },
      async delete() {},
    }),
  ],
});
