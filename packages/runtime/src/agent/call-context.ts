import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import type { CallContext, CreateContext, Execution, GetContext, Log } from "@flyte-agent/sdk";
import { malformedMessage } from "@flyte-agent/sdk/host";
import type { AgentCall, GetCall, StartCall } from "../seam/agent-calls.ts";
import { createSecrets } from "../secrets/create-secrets.ts";
import type { AgentSurroundings } from "./agent-surroundings.ts";

/** The context of a call about a job. */
export function callContext(
  call: AgentCall,
  signal: AbortSignal,
  log: Log,
  { environment, knownSecrets }: AgentSurroundings,
): CallContext {
  const { deadlineMs, connection, flyte } = call;
  return {
    signal,
    deadline: deadlineMs === undefined ? undefined : new Date(deadlineMs),
    secrets: createSecrets(connection.secrets, { environment, onFound: knownSecrets.add }),
    configs: connection.configs,
    log,
    flyte,
  };
}

/** The context of `get` and `poke`. */
export function getContext(call: GetCall, signal: AbortSignal, log: Log, surroundings: AgentSurroundings): GetContext {
  return { ...callContext(call, signal, log, surroundings), outputPrefix: call.outputPrefix };
}

/** The context of `create` and `do`. */
export function createContext(
  call: StartCall<"create"> | StartCall<"do">,
  signal: AbortSignal,
  log: Log,
  surroundings: AgentSurroundings,
): CreateContext {
  const { outputPrefix, idempotencyKey, callId } = call;
  return {
    ...callContext(call, signal, log, surroundings),
    outputPrefix,
    // Without an execution to tell attempts apart, each call is an attempt of its own.
    idempotencyKey: idempotencyKey === "" ? callId.repeat(4) : idempotencyKey,
    execution: readExecution(call.metadata),
  };
}

function readExecution(metadata: Uint8Array): Execution {
  const message = decodeMetadata(metadata);
  const { nodeExecutionId, retryAttempt = 0 } = message.taskExecutionId ?? {};
  const { project = "", domain = "", name = "" } = nodeExecutionId?.executionId ?? {};
  return {
    project,
    domain,
    name,
    nodeId: nodeExecutionId?.nodeId ?? "",
    attempt: retryAttempt,
    namespace: message.namespace,
    labels: message.labels,
    annotations: message.annotations,
    environment: message.environmentVariables,
    serviceAccount: message.k8sServiceAccount || (message.identity?.k8sServiceAccount ?? ""),
  };
}

// Flyte 2's message has the fields of Flyte 1's, so one schema reads both.
function decodeMetadata(bytes: Uint8Array): flyteidl1.TaskExecutionMetadata {
  try {
    return fromBinary(flyteidl1.TaskExecutionMetadataSchema, bytes);
  } catch (cause) {
    throw malformedMessage("task_execution_metadata", { cause });
  }
}
