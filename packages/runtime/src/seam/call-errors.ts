import { AgentError } from "@flyte-agent/sdk";
import { categoryKey, type Operation, type TaskCategory } from "../seam/agent-calls.ts";

const listedAtMost = 20;

/** No plugin serves the task category. Names what is served, the first twenty where there are more. */
export function agentNotFound(wanted: TaskCategory, served: readonly TaskCategory[]): AgentError {
  const names = served.map(categoryKey);
  const shown = names.slice(0, listedAtMost).join(", ") || "nothing";
  const more = names.length > listedAtMost ? ` and ${names.length - listedAtMost} more` : "";
  return new AgentError(
    "agent_not_found",
    `no agent serves task type ${categoryKey(shorten(wanted))}; served here: ${shown}${more}. ` +
      "Install the plugin of this task type and restart the agent server",
  );
}

/** The request lacks something without which it cannot be answered. */
export function invalidRequest(problem: string): AgentError {
  return new AgentError("invalid_request", problem);
}

/** The agent did not answer in the time that the caller gave it. */
export function deadlineExceeded(): AgentError {
  return new AgentError(
    "deadline_exceeded",
    "the agent did not answer before the caller's deadline. Raise the time-out of this operation in Flyte's " +
      "configuration (plugins.connector-service or plugins.agent-service, timeouts), or look for a slow vendor in the agent server's log",
  );
}

/** The caller went away before the answer was there. */
export function callCancelled(): AgentError {
  return new AgentError("call_cancelled", "the caller cancelled the call");
}

/** The server stops and did not wait for the call any longer. */
export function serverStopping(): AgentError {
  return new AgentError("plugin_unavailable", "the agent server is stopping: try again");
}

/** Requests that are being received and answered hold all the memory that there is for them. */
export function requestMemoryTaken(maxBytes: number): AgentError {
  return new AgentError(
    "plugin_unavailable",
    `the agent server holds ${maxBytes} bytes of large requests already, which is all that it may: try again`,
  );
}

/** The plugin that serves the task type could not be loaded. */
export function pluginUnavailable(pluginId: string, reason: string): AgentError {
  return new AgentError("plugin_unavailable", `plugin "${pluginId}" is not available: ${reason}`);
}

/** An agent threw something that is no AgentError. What it was stands in the server's log under the call's id. */
export function pluginFailed(operation: Operation, taskType: string, callId: string, cause: unknown): AgentError {
  return new AgentError(
    "plugin_failed",
    `${operation} of task type "${taskType}" failed unexpectedly; the agent server's log has the details under call ${callId}`,
    { cause },
  );
}

/** Metrics that the caller could not read: gRPC clients take 4 MiB. */
export function metricsTooLarge(sizeBytes: number, maxBytes: number): AgentError {
  return new AgentError(
    "message_too_large",
    `the metrics are ${sizeBytes} bytes, at most ${maxBytes} can be read: ask for fewer queries or a larger step`,
  );
}

/** Inputs with so many values that decoding them would keep the server from everything else. */
export function tooManyLiterals(count: number, maxCount: number): AgentError {
  return new AgentError(
    "message_too_large",
    `the inputs hold ${count} literals, at most ${maxCount} are read: pass data as a file or a structured dataset, or ` +
      "have the operator raise inputs.maxLiterals",
  );
}

/** A template that is larger than what Flyte keeps of one. */
export function templateTooLarge(sizeBytes: number, maxBytes: number): AgentError {
  return new AgentError(
    "message_too_large",
    `the task template is ${sizeBytes} bytes, at most ${maxBytes} are read: pass data as an input and not in the task's ` +
      "configuration, or have the operator raise limits.maxTemplateBytes",
  );
}

/** A part of a request that would take a hundred times its bytes if it were decoded. */
export function tooManyFields(field: string, maxCount: number): AgentError {
  return new AgentError(
    "message_too_large",
    `${field} has more than ${maxCount} fields, those of the messages in it included: pass data as an input`,
  );
}

/** A request in JSON that would take many times its bytes if it were decoded. */
export function jsonTooLarge(maxBytes: number): AgentError {
  return new AgentError(
    "message_too_large",
    `the request is JSON of more than ${maxBytes} bytes: send it in protobuf's binary form (gRPC, or application/proto), ` +
      "or have the operator raise server.maxJsonBytes",
  );
}

/** A task type that only async agents can serve was called synchronously. */
export function notSync(category: TaskCategory): AgentError {
  return new AgentError(
    "operation_not_supported",
    `task type ${categoryKey(category)} is served by an async agent: call CreateTask instead of ExecuteTaskSync`,
  );
}

// A category comes from the request: hostile names must not fill answers and logs.
function shorten(category: TaskCategory): TaskCategory {
  return { ...category, name: category.name.length > 100 ? `${category.name.slice(0, 100)}…` : category.name };
}
