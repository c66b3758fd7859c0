import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type AsyncAgent, defineAsyncAgent } from "@flyte-agent/sdk";
import { lag } from "./lag.ts";
import { attemptOf, readScript, type ScriptedJob, scriptedJob, stepAt, toResource } from "./script.ts";

/** What the operator sets: who answers, and where the blob store of the test lies. */
export interface ScriptedOptions {
  /** Shown in the custom info of each answer. */
  readonly deployment: string;
  /** The folder that `file://` output prefixes are relative to. */
  readonly storeFolder: string;
  /** Address of the S3 server of `s3://` output prefixes. */
  readonly s3Endpoint?: string;
}

/** Makes an asynchronous agent whose jobs go as their task's `custom` says. */
export function scriptedAgent(
  identity: { readonly name: string; readonly taskType: string; readonly taskTypeVersion?: number },
  options: ScriptedOptions,
): AsyncAgent<ScriptedJob> {
  return defineAsyncAgent({
    ...identity,
    job: scriptedJob,

    create: async (task, context) => {
      const createdMs = Date.now();
      const script = readScript(task);
      const { attempt, name: execution } = context.execution;
      if (attempt === 0) {
        if (script.slow?.createBegan !== undefined) await writeFile(script.slow.createBegan, "");
        await lag(script.slow, "createMs", context);
      }
      const { steps, files = {} } = attemptOf(script, attempt);
      for (const [name, content] of Object.entries(files)) {
        await write(`${context.outputPrefix}/${name}`, Buffer.from(content, "base64"), options);
      }
      const name = `${execution}/${attempt}`;
      context.log.info("job created", { job: name });
      return { name, steps, slow: script.slow ?? {}, createdMs };
    },

    get: async (job, context) => {
      await lag(job.slow, "getMs", context);
      return toResource(stepAt(job.steps, Date.now() - job.createdMs), options.deployment);
    },

    delete: async (job, context) => {
      await lag(job.slow, "deleteMs", context);
      context.log.info("job deleted", { job: job.name });
    },
  });
}

async function write(uri: string, content: Uint8Array, { storeFolder, s3Endpoint }: ScriptedOptions): Promise<void> {
  if (uri.startsWith("s3://")) {
    const { status } = await fetch(uri.replace("s3://", `${s3Endpoint}/`), { method: "PUT", body: content });
    if (status !== 200) throw new Error(`${uri} cannot be written: ${status}`);
    return;
  }
  const file = join(storeFolder, uri.replace(/^file:\/\//, ""));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
