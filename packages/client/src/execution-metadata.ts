import { randomBytes } from "node:crypto";
import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import type { Execution } from "@flyte-agent/sdk";

/**
 * Makes the metadata that Flyte sends with a task, the same bytes for both generations. Without a name the execution
 * gets one of its own, so that no agent takes two runs for repetitions of one.
 */
export function executionMetadata(execution: Partial<Execution>): Uint8Array {
  const { project = "local", domain = "development", nodeId = "n0", attempt = 0 } = execution;
  const name = execution.name ?? `run-${randomBytes(8).toString("hex")}`;
  return toBinary(
    flyteidl1.TaskExecutionMetadataSchema,
    create(flyteidl1.TaskExecutionMetadataSchema, {
      taskExecutionId: { nodeExecutionId: { nodeId, executionId: { project, domain, name } }, retryAttempt: attempt },
      namespace: execution.namespace ?? `${project}-${domain}`,
      labels: { ...execution.labels },
      annotations: { ...execution.annotations },
      environmentVariables: { ...execution.environment },
      k8sServiceAccount: execution.serviceAccount ?? "",
    }),
  );
}
