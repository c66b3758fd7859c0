import { hash, randomBytes } from "node:crypto";
import { fromBinary } from "@bufbuild/protobuf";
import { flyteidl1, wire } from "@flyte-agent/idl";
import { malformedMessage } from "@flyte-agent/sdk/host";
import type { Connection, StartCall, TaskCategory } from "../seam/agent-calls.ts";
import { invalidRequest } from "../seam/call-errors.ts";

/** What the transport knows of a call. */
export interface CallOrigin {
  readonly flyte: 1 | 2;
  readonly callId: string;
  readonly deadlineMs: number | undefined;
}

/** The parts of CreateTaskRequest and of CreateRequestHeader that start a task. */
export interface StartRequest {
  readonly template?: Uint8Array | undefined;
  readonly inputs?: Uint8Array | undefined;
  readonly taskExecutionMetadata?: Uint8Array | undefined;
  readonly outputPrefix: string;
  readonly connection?: wire.Connection | undefined;
}

const nothing = new Uint8Array();
const noConnection: Connection = { secrets: {}, configs: {} };

/** Makes a name for a call: 16 hexadecimal digits. */
export function newCallId(): string {
  return randomBytes(8).toString("hex");
}

/**
 * Reads what starts a task.
 *
 * @throws AgentError `invalid_request` without a template or task type, `malformed_message` for bytes that are none.
 */
export function readStart<Operation extends "create" | "do">(
  operation: Operation,
  request: StartRequest,
  origin: CallOrigin,
): StartCall<Operation> {
  const { template, inputs = nothing, taskExecutionMetadata = nothing, outputPrefix, connection } = request;
  if (template === undefined) throw invalidRequest("the request has no task template: set the field `template`");
  const category = categoryOf(template);
  const execution = readExecution(taskExecutionMetadata);
  return {
    operation,
    category,
    ...origin,
    connection: connectionOf(connection),
    template,
    inputs,
    metadata: taskExecutionMetadata,
    outputPrefix,
    idempotencyKey: idempotencyKeyOf(execution, { outputPrefix, template, inputs }),
    executionId: execution.id,
  };
}

/** The category of a request about a job: Flyte 1's older callers send only the task type. */
export function jobCategory(request: {
  readonly taskType: string;
  readonly taskCategory?: TaskCategory | undefined;
}): TaskCategory {
  const { name = "", version = 0 } = request.taskCategory ?? {};
  if (name !== "") return { name, version };
  if (request.taskType !== "") return { name: request.taskType, version: 0 };
  throw invalidRequest("the request names no task type: set the field `task_category`");
}

/** Secrets and settings of a call; none for Flyte 1. */
export function connectionOf(connection: wire.Connection | undefined): Connection {
  return connection === undefined ? noConnection : { secrets: connection.secrets, configs: connection.configs };
}

function categoryOf(template: Uint8Array): TaskCategory {
  const { type, taskTypeVersion } = decode("template", () =>
    fromBinary(wire.TaskTemplateHeadSchema, template, headOnly),
  );
  if (type === "") throw invalidRequest("the task template has no task type: set the field `template.type`");
  return { name: type, version: taskTypeVersion };
}

const headOnly = { readUnknownFields: false } as const;

interface ExecutionKey {
  /** `project/domain/name/node/attempt`, `""` if unknown. */
  readonly id: string;
  /** Everything that tells one attempt from another. */
  readonly parts: readonly string[];
}

function readExecution(metadata: Uint8Array): ExecutionKey {
  const { taskExecutionId } = decode("task_execution_metadata", () =>
    fromBinary(flyteidl1.TaskExecutionMetadataSchema, metadata, headOnly),
  );
  const { nodeExecutionId, retryAttempt = 0, taskId } = taskExecutionId ?? {};
  const { project = "", domain = "", name = "" } = nodeExecutionId?.executionId ?? {};
  if (name === "") return { id: "", parts: [] };
  const node = nodeExecutionId?.nodeId ?? "";
  const id = [project, domain, name, node, String(retryAttempt)];
  return {
    id: id.join("/"),
    parts: [...id, taskId?.project ?? "", taskId?.domain ?? "", taskId?.name ?? "", taskId?.version ?? ""],
  };
}

// The output prefix ends with the attempt and tells the tasks of a map node apart, which share one node id. Where it is
// all there is, only an equal task is taken for a repetition.
function idempotencyKeyOf(
  { parts }: ExecutionKey,
  task: { readonly outputPrefix: string; readonly template: Uint8Array; readonly inputs: Uint8Array },
): string {
  const { outputPrefix, template, inputs } = task;
  if (parts.length > 0) return hash("sha256", JSON.stringify([...parts, outputPrefix]), "hex");
  if (outputPrefix === "") return "";
  const content = [template, inputs].map((bytes) => hash("sha256", bytes, "hex"));
  return hash("sha256", JSON.stringify([outputPrefix, ...content]), "hex");
}

function decode<T>(field: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw malformedMessage(field, { cause });
  }
}
