import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { flyteidl2 } from "@flyte-agent/idl";
import { metricsRange } from "./metrics-range.ts";
import { readLogPage } from "./read-log-page.ts";
import type { RunningJob, StartedTask, TaskClient } from "./task-client.ts";
import { readPhase, type TaskState } from "./task-state.ts";

/**
 * Calls connectors as Flyte 2's executor does. It has no call that answers with the result.
 *
 * @param connection secrets and settings that go with create, get and delete. @default none
 */
export function createFlyte2TaskClient(
  transport: Transport,
  connection?: MessageInitShape<typeof flyteidl2.ConnectionSchema>,
): TaskClient {
  const connected = connection === undefined ? {} : { connection };
  const connectors = createClient(flyteidl2.AsyncConnectorService, transport);
  return {
    isSync: () => Promise.resolve(false),
    async execute(task, options) {
      const job = await this.create(task, options);
      return this.get({ ...task, job }, options);
    },
    async create({ template, inputs, metadata, outputPrefix }: StartedTask, options) {
      const request = {
        template: fromBinary(flyteidl2.TaskTemplateSchema, template),
        inputs: fromBinary(flyteidl2.InputsSchema, inputs),
        taskExecutionMetadata: fromBinary(flyteidl2.TaskExecutionMetadataSchema, metadata),
        outputPrefix,
        ...connected,
      };
      return (await connectors.createTask(request, options)).resourceMeta;
    },
    async get(job, options) {
      const request = { ...jobOf(job), outputPrefix: job.outputPrefix, ...connected };
      const { resource } = await connectors.getTask(request, options);
      return stateOf(resource ?? create(flyteidl2.ResourceSchema));
    },
    async delete(job, options) {
      await connectors.deleteTask({ ...jobOf(job), ...connected }, options);
    },
    async logs(job, { lines, token }, options) {
      const parts = connectors.getTaskLogs({ ...jobOf(job), lines: BigInt(lines), token }, options);
      return readLogPage<flyteidl2.GetTaskLogsResponseBody>(parts, (body) => body.lines);
    },
    async metrics(job, query, options) {
      const { results } = await connectors.getTaskMetrics({ ...jobOf(job), ...metricsRange(query) }, options);
      return results.map(({ metric, data = {} }) => ({ metric, data }));
    },
  };
}

function jobOf({ category, job }: RunningJob) {
  return { taskCategory: category, resourceMeta: job };
}

function stateOf(resource: flyteidl2.Resource): TaskState {
  const { logLinks, outputs, customInfo } = resource;
  return {
    ...readPhase({ ...resource, state: 0 }),
    logLinks: logLinks.map(({ name, uri }) => ({ name, uri })),
    outputs: outputs === undefined ? undefined : toBinary(flyteidl2.OutputsSchema, outputs),
    customInfo,
    errorCode: "",
  };
}
