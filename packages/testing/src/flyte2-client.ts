import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { flyteidl2 } from "@flyte-agent/idl";
import type { Attempt, FlyteClient, SentJob, SentResource } from "./flyte-client.ts";
import { metricsRange } from "./metrics-range.ts";
import { readLogPage } from "./read-log-page.ts";

/**
 * Calls as Flyte 2's executor makes them.
 *
 * @param connection secrets and settings that go with create, get and delete.
 */
export function createFlyte2Client(
  transport: Transport,
  connection: MessageInitShape<typeof flyteidl2.ConnectionSchema>,
): FlyteClient {
  const connector = createClient(flyteidl2.AsyncConnectorService, transport);
  return {
    async create({ template, inputs }, attempt, limits) {
      const request = {
        template: fromBinary(flyteidl2.TaskTemplateSchema, template),
        inputs: fromBinary(flyteidl2.InputsSchema, inputs),
        outputPrefix: attempt.outputPrefix,
        taskExecutionMetadata: metadataOf(attempt),
        connection,
      };
      const { resourceMeta } = await connector.createTask(request, limits);
      return resourceMeta;
    },
    async get(sent, outputPrefix, limits) {
      const { resource } = await connector.getTask({ ...jobOf(sent), outputPrefix, connection }, limits);
      return sentResource(resource);
    },
    async delete(sent, limits) {
      await connector.deleteTask({ ...jobOf(sent), connection }, limits);
    },
    async metrics(sent, query, limits) {
      const { results } = await connector.getTaskMetrics({ ...jobOf(sent), ...metricsRange(query) }, limits);
      return results.map(({ metric, data = {} }) => ({ metric, data }));
    },
    async logs(sent, { lines, token }, limits) {
      const parts = connector.getTaskLogs({ ...jobOf(sent), lines: BigInt(lines), token }, limits);
      return readLogPage<flyteidl2.GetTaskLogsResponseBody>(parts, (body) => body.lines);
    },
  };
}

function metadataOf({ project, domain, name, nodeId, attempt, labels, serviceAccount }: Attempt) {
  return create(flyteidl2.TaskExecutionMetadataSchema, {
    taskExecutionId: {
      nodeExecutionId: { nodeId, executionId: { project, domain, name } },
      retryAttempt: attempt,
    },
    namespace: `${project}-${domain}`,
    labels,
    k8sServiceAccount: serviceAccount,
  });
}

function jobOf({ category, job }: SentJob) {
  return { taskCategory: category, resourceMeta: job };
}

function sentResource(resource: flyteidl2.Resource = create(flyteidl2.ResourceSchema)): SentResource {
  const { phase, message, logLinks, outputs, customInfo } = resource;
  return {
    phase,
    message,
    logLinks: logLinks.map(({ name, uri }) => ({ name, uri })),
    outputs: outputs === undefined ? undefined : toBinary(flyteidl2.OutputsSchema, outputs),
    outputNames: (outputs?.literals ?? []).map(({ name }) => name),
    customInfo,
    errorCode: "",
  };
}
