import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AsyncAgent, defineAsyncAgent } from "@flyte-agent/sdk";
import { lag } from "./lag.ts";
import { attemptOf, readScript, type ScriptedJob, scriptedJob, stepAt, toResource } from "./script.ts";

/** What the operator sets: who answers, and where the blob store of the test lies. */
export interface ScriptedOptions {
  /** Shown in the custom info of each answer. */
  readonly deployment: string;
  /** The folder that `file://` output prefixes are relative to. */
  readonly storeFolder: string;
}

/** Makes an asynchronous agent whose jobs go as their task's `custom` says. */
export function scriptedAgent(
  identity: { readonly name: string; readonly taskType: string; readonly taskTypeVersion?: number },
  { deployment, storeFolder }: ScriptedOptions,
): AsyncAgent<ScriptedJob> {
  return defineAsyncAgent({
    ...identity,
    job: scriptedJob,

    create: async (task, context) => {
      const createdMs = Date.now();
      const script = readScript(task);
      const { attempt } = context.execution;
      if (attempt === 0) {
        if (script.slow?.createBegan !== undefined) await writeFile(script.slow.createBegan, "");
        await lag(script.slow, "createMs", context);
      }
      const { steps, files = {} } = attemptOf(script, attempt);
      for (const [name, content] of Object.entries(files)) {
        const folder = join(storeFolder, context.outputPrefix.replace(/^file:\/\//, ""));
        await mkdir(folder, { recursive: true });
        await writeFile(join(folder, name), Buffer.from(content, "base64"));
      }
      return { steps, slow: script.slow ?? {}, createdMs };
    },

    get: async (job, context) => {
      await lag(job.slow, "getMs", context);
      return toResource(stepAt(job.steps, Date.now() - job.createdMs), deployment);
    },

    delete: (job, context) => lag(job.slow, "deleteMs", context),
  });
}
