import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { flyteidl1 } from "@flyte-agent/idl";
import { metricsRange } from "./metrics-range.ts";
import { readLogPage } from "./read-log-page.ts";
import type { RunningJob, StartedTask, TaskClient } from "./task-client.ts";
import { readPhase, type TaskState } from "./task-state.ts";

/** Calls agents as FlytePropeller does. */
export function createFlyte1TaskClient(transport: Transport): TaskClient {
  const agents = createClient(flyteidl1.AsyncAgentService, transport);
  const syncAgents = createClient(flyteidl1.SyncAgentService, transport);
  const metadata = createClient(flyteidl1.AgentMetadataService, transport);
  return {
    async isSync({ name, version }, options) {
      const { agents: listed } = await metadata.listAgents({}, options);
      return listed.some(
        ({ isSync, supportedTaskCategories, supportedTaskTypes }) =>
          isSync &&
          (supportedTaskCategories.some((category) => category.name === name && category.version === version) ||
            (supportedTaskCategories.length === 0 && version === 0 && supportedTaskTypes.includes(name))),
      );
    },
    async execute(task, options) {
      // One message is the whole answer; leaving the loop ends the call, as FlytePropeller does.
      for await (const { res } of syncAgents.executeTaskSync(syncRequests(task), options)) {
        if (res.case === "header" && res.value.resource !== undefined) return stateOf(res.value.resource);
        throw new ConnectError("the agent's first message is no header with a resource", Code.Internal);
      }
      throw new ConnectError("the agent ended the call without an answer", Code.Internal);
    },
    async create(task, options) {
      const { template, inputs, outputPrefix, taskExecutionMetadata } = partsOf(task);
      const request = { template, inputs, outputPrefix, taskExecutionMetadata };
      return (await agents.createTask(request, options)).resourceMeta;
    },
    async get(job, options) {
      const { resource } = await agents.getTask({ ...jobOf(job), outputPrefix: job.outputPrefix }, options);
      return stateOf(resource ?? create(flyteidl1.ResourceSchema));
    },
    async delete(job, options) {
      await agents.deleteTask(jobOf(job), options);
    },
    async logs(job, { lines, token }, options) {
      const parts = agents.getTaskLogs({ ...jobOf(job), lines: BigInt(lines), token }, options);
      return readLogPage<flyteidl1.GetTaskLogsResponseBody>(parts, (body) => body.structuredLines);
    },
    async metrics(job, query, options) {
      const { results } = await agents.getTaskMetrics({ ...jobOf(job), ...metricsRange(query) }, options);
      return results.map(({ metric, data = {} }) => ({ metric, data }));
    },
  };
}

function jobOf({ category, job }: RunningJob) {
  return { taskType: category.name, taskCategory: category, resourceMeta: job };
}

async function* syncRequests(task: StartedTask): AsyncGenerator<flyteidl1.ExecuteTaskSyncRequest> {
  const { inputs, ...header } = partsOf(task);
  yield create(flyteidl1.ExecuteTaskSyncRequestSchema, {
    part: { case: "header", value: create(flyteidl1.CreateRequestHeaderSchema, header) },
  });
  yield create(flyteidl1.ExecuteTaskSyncRequestSchema, { part: { case: "inputs", value: inputs } });
}

function partsOf({ template, inputs, metadata, outputPrefix }: StartedTask): {
  readonly template: flyteidl1.TaskTemplate;
  readonly inputs: flyteidl1.LiteralMap;
  readonly taskExecutionMetadata: flyteidl1.TaskExecutionMetadata;
  readonly outputPrefix: string;
} {
  return {
    template: fromBinary(flyteidl1.TaskTemplateSchema, template),
    inputs: fromBinary(flyteidl1.LiteralMapSchema, inputs),
    taskExecutionMetadata: fromBinary(flyteidl1.TaskExecutionMetadataSchema, metadata),
    outputPrefix,
  };
}

function stateOf(resource: flyteidl1.Resource): TaskState {
  const { logLinks, outputs, customInfo, agentError } = resource;
  return {
    ...readPhase(resource),
    logLinks: logLinks.map(({ name, uri }) => ({ name, uri })),
    outputs: outputs === undefined ? undefined : toBinary(flyteidl1.LiteralMapSchema, outputs),
    customInfo,
    errorCode: agentError?.code ?? "",
  };
}
