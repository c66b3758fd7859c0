import { hash, randomBytes } from "node:crypto";
import { flyteidl2, wire } from "@flyte-agent/idl";
import type { Connection, StartCall, TaskCategory, TraceContext } from "../seam/agent-calls.ts";
import { invalidRequest, templateTooLarge } from "../seam/call-errors.ts";
import { boundedDecoder, fieldLimit } from "./bounded-decoder.ts";
import { readExecution } from "./read-execution.ts";
import { digestTask } from "./task-digest.ts";

/** What the transport knows of a call. */
export interface CallOrigin {
  readonly flyte: 1 | 2;
  readonly callId: string;
  readonly deadlineMs: number | undefined;
  readonly trace: TraceContext | undefined;
}

/** The parts of CreateTaskRequest and of CreateRequestHeader that start a task. */
export interface StartRequest {
  readonly template?: Uint8Array | undefined;
  readonly inputs?: Uint8Array | undefined;
  readonly taskExecutionMetadata?: Uint8Array | undefined;
  readonly outputPrefix: string;
  readonly connection?: Uint8Array | undefined;
}

const nothing = new Uint8Array();
const noConnection: Connection = { secrets: {}, configs: {} };

/**
 * Makes names for calls: 16 hexadecimal digits, of which the first eight are those of this server. Random bytes for each would
 * take a tenth of the time of a poll.
 */
export function createCallIds(): () => string {
  const server = randomBytes(4).toString("hex");
  let calls = randomBytes(4).readUInt32BE();
  return () => {
    calls = (calls + 1) >>> 0;
    return server + calls.toString(16).padStart(8, "0");
  };
}

/**
 * Reads what starts a task.
 *
 * @throws AgentError `invalid_request` without a template or task type; `message_too_large` before anything of it is decoded;
 *   `malformed_message` for bytes that are none.
 */
export function readStart<Operation extends "create" | "do">(
  operation: Operation,
  request: StartRequest,
  origin: CallOrigin,
  maxTemplateBytes: number,
): StartCall<Operation> {
  const { template, inputs = nothing, taskExecutionMetadata = nothing, outputPrefix, connection } = request;
  if (template === undefined) throw invalidRequest("the request has no task template: set the field `template`");
  if (template.byteLength > maxTemplateBytes) throw templateTooLarge(template.byteLength, maxTemplateBytes);
  limitTemplate(template);
  const category = categoryOf(template);
  const { execution, id, keyParts } = readExecution(taskExecutionMetadata);
  return {
    operation,
    category,
    ...origin,
    connection: connectionOf(connection),
    template,
    inputs,
    execution,
    outputPrefix,
    ...keysOf(keyParts, outputPrefix, () => digestTask({ template, inputs }, origin.flyte)),
    executionId: id,
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
export function connectionOf(connection: Uint8Array | undefined): Connection {
  if (connection === undefined) return noConnection;
  const { secrets, configs } = decodeConnection(connection);
  return { secrets, configs };
}

function categoryOf(template: Uint8Array): TaskCategory {
  const { type, taskTypeVersion } = decodeHead(template);
  if (type === "") throw invalidRequest("the task template has no task type: set the field `template.type`");
  return { name: type, version: taskTypeVersion };
}

const limitTemplate = fieldLimit("template", flyteidl2.TaskTemplateSchema);
const decodeHead = boundedDecoder("template", wire.TaskTemplateHeadSchema);
const decodeConnection = boundedDecoder("connection", wire.ConnectionSchema);

// The output prefix ends with the attempt and tells the tasks of a map node apart, which share one node id.
function keysOf(
  parts: readonly string[],
  outputPrefix: string,
  digest: () => string,
): Pick<StartCall<"create">, "attemptKey" | "idempotencyKey"> {
  if (parts.length === 0 && outputPrefix === "") return { attemptKey: "", idempotencyKey: "" };
  return {
    attemptKey: parts.length === 0 ? "" : keyOf([...parts, outputPrefix]),
    idempotencyKey: keyOf([...parts, outputPrefix, digest()]),
  };
}

function keyOf(parts: readonly string[]): string {
  return hash("sha256", JSON.stringify(parts), "hex");
}
