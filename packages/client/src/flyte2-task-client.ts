import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { flyteidl2 } from "@flyte-agent/idl";
import type { StartedTask, TaskClient } from "./task-client.ts";
import { readPhase, type TaskState } from "./task-state.ts";

/** Calls connectors as Flyte 2's executor does. It has no call that answers with the result. */
export function createFlyte2TaskClient(transport: Transport): TaskClient {
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
      };
      return (await connectors.createTask(request, options)).resourceMeta;
    },
    async get({ category, job, outputPrefix }, options) {
      const request = { taskCategory: category, resourceMeta: job, outputPrefix };
      const { resource } = await connectors.getTask(request, options);
      return stateOf(resource ?? create(flyteidl2.ResourceSchema));
    },
    async delete({ category, job }, options) {
      await connectors.deleteTask({ taskCategory: category, resourceMeta: job }, options);
    },
  };
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
