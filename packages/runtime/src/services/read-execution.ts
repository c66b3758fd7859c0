import { flyteidl1 } from "@flyte-agent/idl";
import type { Execution } from "@flyte-agent/sdk";
import { boundedDecoder } from "./bounded-decoder.ts";

/** Who a task runs for. */
export interface ReadExecution {
  readonly execution: Execution;
  /** `project/domain/name/node/attempt`, `""` if unknown. */
  readonly id: string;
  /** Everything that tells one attempt from another; empty if unknown. */
  readonly keyParts: readonly string[];
}

// Flyte 2's message has the fields of Flyte 1's, so one schema reads both.
const decodeMetadata = boundedDecoder("task_execution_metadata", flyteidl1.TaskExecutionMetadataSchema);

/**
 * Reads a `TaskExecutionMetadata` of either generation.
 *
 * @throws AgentError `malformed_message` for bytes that are none, `message_too_large` for one with too many fields.
 */
export function readExecution(metadata: Uint8Array): ReadExecution {
  const message = decodeMetadata(metadata);
  const { nodeExecutionId, retryAttempt = 0, taskId } = message.taskExecutionId ?? {};
  const { project = "", domain = "", name = "" } = nodeExecutionId?.executionId ?? {};
  const nodeId = nodeExecutionId?.nodeId ?? "";
  const id = name === "" ? [] : [project, domain, name, nodeId, String(retryAttempt)];
  const task = [taskId?.project ?? "", taskId?.domain ?? "", taskId?.name ?? "", taskId?.version ?? ""];
  return {
    execution: {
      project,
      domain,
      name,
      nodeId,
      attempt: retryAttempt,
      namespace: message.namespace,
      labels: message.labels,
      annotations: message.annotations,
      environment: message.environmentVariables,
      serviceAccount: message.k8sServiceAccount || (message.identity?.k8sServiceAccount ?? ""),
    },
    id: id.join("/"),
    keyParts: name === "" ? [] : [...id, ...task],
  };
}
