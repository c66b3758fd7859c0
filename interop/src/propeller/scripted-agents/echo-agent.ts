import { defineSyncAgent, type SyncAgent, succeeded } from "@flyte-agent/sdk";

/** Makes an agent whose outputs are its inputs, as Flyte sent them. */
export function echoAgent(): SyncAgent {
  return defineSyncAgent({
    name: "Echo",
    taskType: "interop_echo",
    do: async (task) => succeeded({ outputs: Object.fromEntries(task.literals) }),
  });
}
