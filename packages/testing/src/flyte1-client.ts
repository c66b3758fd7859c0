import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import type { TaskToRun } from "@flyte-agent/client";
import { flyteidl1 } from "@flyte-agent/idl";
import type { Attempt, SentJob, SentResource, SyncFlyteClient } from "./flyte-client.ts";
import { metricsRange } from "./metrics-range.ts";
import { readLogPage } from "./read-log-page.ts";

/** Calls as FlytePropeller makes them. */
export function createFlyte1Client(transport: Transport): SyncFlyteClient {
  const agent = createClient(flyteidl1.AsyncAgentService, transport);
  const sync = createClient(flyteidl1.SyncAgentService, transport);
  return {
    async create(task, attempt, limits) {
      const { resourceMeta } = await agent.createTask({ ...headerOf(task, attempt), inputs: inputsOf(task) }, limits);
      return resourceMeta;
    },
    async do(task, attempt, limits) {
      const requests = (async function* (): AsyncIterable<
        MessageInitShape<typeof flyteidl1.ExecuteTaskSyncRequestSchema>
      > {
        yield { part: { case: "header", value: headerOf(task, attempt) } };
        yield { part: { case: "inputs", value: inputsOf(task) } };
      })();
      for await (const { res } of sync.executeTaskSync(requests, limits)) {
        // Like FlytePropeller, which reads one message and hangs up.
        if (res.case !== "header") throw new Error(`the first answer is not a header but ${res.case ?? "empty"}`);
        return sentResource(res.value.resource);
      }
      throw new Error("the stream ended without an answer");
    },
    async get(sent, outputPrefix, limits) {
      const { resource } = await agent.getTask({ ...jobOf(sent), outputPrefix }, limits);
      return sentResource(resource);
    },
    async delete(sent, limits) {
      await agent.deleteTask(jobOf(sent), limits);
    },
    async metrics(sent, query, limits) {
      const { results } = await agent.getTaskMetrics({ ...jobOf(sent), ...metricsRange(query) }, limits);
      return results.map(({ metric, data = {} }) => ({ metric, data }));
    },
    async logs(sent, { lines, token }, limits) {
      const parts = agent.getTaskLogs({ ...jobOf(sent), lines: BigInt(lines), token }, limits);
      return readLogPage<flyteidl1.GetTaskLogsResponseBody>(parts, (body) => body.structuredLines);
    },
  };
}

/** What CreateTaskRequest and CreateRequestHeader have in common. */
function headerOf(
  { template, category }: TaskToRun,
  { project, domain, name, nodeId, attempt, labels, serviceAccount, outputPrefix }: Attempt,
) {
  const taskExecutionMetadata = create(flyteidl1.TaskExecutionMetadataSchema, {
    taskExecutionId: {
      taskId: { project, domain, name: category.name, version: "test" },
      nodeExecutionId: { nodeId, executionId: { project, domain, name } },
      retryAttempt: attempt,
    },
    namespace: `${project}-${domain}`,
    labels,
    k8sServiceAccount: serviceAccount,
  });
  return { template: fromBinary(flyteidl1.TaskTemplateSchema, template), outputPrefix, taskExecutionMetadata };
}

function inputsOf({ inputs }: TaskToRun): flyteidl1.LiteralMap {
  return fromBinary(flyteidl1.LiteralMapSchema, inputs);
}

function jobOf({ category, job }: SentJob) {
  return { taskType: category.name, taskCategory: category, resourceMeta: job };
}

function sentResource(resource: flyteidl1.Resource = create(flyteidl1.ResourceSchema)): SentResource {
  const { phase, message, logLinks, outputs, customInfo, agentError } = resource;
  return {
    phase,
    message,
    logLinks: logLinks.map(({ name, uri }) => ({ name, uri })),
    outputs: outputs === undefined ? undefined : toBinary(flyteidl1.LiteralMapSchema, outputs),
    outputNames: Object.keys(outputs?.literals ?? {}),
    customInfo,
    errorCode: agentError?.code ?? "",
  };
}
