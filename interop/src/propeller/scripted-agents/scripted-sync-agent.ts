import { defineSyncAgent, type SyncAgent } from "@flyte-agent/sdk";
import { lag } from "./lag.ts";
import { attemptOf, readScript, toResource } from "./script.ts";
import type { ScriptedOptions } from "./scripted-agent.ts";

/** Makes a synchronous agent that answers with the last step of its task's `custom`. */
export function scriptedSyncAgent({ deployment }: Pick<ScriptedOptions, "deployment">): SyncAgent {
  return defineSyncAgent({
    name: "Scripted Sync",
    taskType: "interop_scripted_sync",
    do: async (task, context) => {
      const script = readScript(task);
      const { attempt } = context.execution;
      if (attempt === 0) await lag(script.slow, "createMs", context);
      return toResource(attemptOf(script, attempt).steps.at(-1) ?? { phase: "succeeded" }, deployment);
    },
  });
}
