import { fromBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { flyteidl1 } from "@flyte-agent/idl";
import type { CompilableTask } from "./start-workflow.ts";

/** Creates a job without propeller and polls it once. @returns why it has failed, or `""`. */
export async function createDirectly(
  port: number,
  { template, inputs }: CompilableTask,
  execution: string,
): Promise<string> {
  const agent = createClient(flyteidl1.AsyncAgentService, transportTo(port));
  const task = fromBinary(flyteidl1.TaskTemplateSchema, template);
  const executionId = { project: "shop", domain: "production", name: execution };
  const outputPrefix = `s3://flyte/${execution}/data/0`;
  const { resourceMeta } = await agent.createTask({
    template: task,
    inputs: fromBinary(flyteidl1.LiteralMapSchema, inputs),
    outputPrefix,
    taskExecutionMetadata: { taskExecutionId: { nodeExecutionId: { nodeId: "task", executionId } } },
  });
  const taskCategory = { name: task.type, version: task.taskTypeVersion };
  const { resource } = await agent.getTask({ resourceMeta, taskCategory, outputPrefix });
  return resource?.phase === flyteidl1.TaskExecution_Phase.FAILED ? resource.message : "";
}

/** Runs a synchronous task without propeller. Rejects unless it is answered. */
export async function executeDirectly(port: number, { template, inputs }: CompilableTask): Promise<void> {
  const answers = createClient(flyteidl1.SyncAgentService, transportTo(port)).executeTaskSync(
    (async function* () {
      const header = {
        template: fromBinary(flyteidl1.TaskTemplateSchema, template),
        outputPrefix: "s3://flyte/direct/data/0",
      };
      yield { part: { case: "header", value: header } } as const;
      yield { part: { case: "inputs", value: fromBinary(flyteidl1.LiteralMapSchema, inputs) } } as const;
    })(),
  );
  for await (const _ of answers) {
    // The request is all that counts.
  }
}

function transportTo(port: number): Transport {
  return createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
}
