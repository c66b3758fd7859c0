import { type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import { errorFields } from "../log/error-fields.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentCall, AgentCalls } from "../seam/agent-calls.ts";
import { aroundEach } from "../seam/around-each.ts";
import { httpStatusOf } from "./error-status.ts";

/** Measures each call and writes one log line for it. Good polls are logged at debug level: there are too many. */
export function withObservation(
  next: AgentCalls,
  { registry, metrics, log }: { registry: AgentRegistry; metrics: Metrics; log: RuntimeLog },
): AgentCalls {
  return aroundEach(next, async (call, _signal, run) => {
    const { operation } = call;
    const startMs = performance.now();
    const taskType = registry.find(call.category) === undefined ? "unknown" : call.category.name;
    metrics.callStarted(operation);
    if (operation === "create" || operation === "do") metrics.inputBytes(taskType, call.inputs.byteLength);
    try {
      const answer = await run();
      const elapsedMs = performance.now() - startMs;
      metrics.callEnded({ taskType, operation }, elapsedMs / 1000, undefined);
      const level = operation === "get" ? "debug" : "info";
      if (log.isWritten(level))
        log[level](operation, { ...fieldsOf(call, elapsedMs), outcome: "ok", ...phaseOf(answer) });
      return answer;
    } catch (reason) {
      const elapsedMs = performance.now() - startMs;
      const code = isAgentError(reason) ? reason.code : "plugin_failed";
      metrics.callEnded({ taskType, operation }, elapsedMs / 1000, httpStatusOf(code));
      log[levelOf(code)](operation, {
        ...fieldsOf(call, elapsedMs),
        outcome: code,
        ...errorFields(reason),
      });
      throw reason;
    }
  });
}

/** What the caller did wrong needs nobody's attention here; everything else does. */
const callersFault: ReadonlySet<AgentErrorCode> = new Set([
  "agent_not_found",
  "invalid_input",
  "invalid_job",
  "invalid_request",
  "invalid_task",
  "malformed_message",
  "operation_not_supported",
]);

// FlytePropeller cancels calls as a matter of course.
function levelOf(code: AgentErrorCode): "info" | "warn" | "error" {
  if (code === "call_cancelled") return "info";
  return callersFault.has(code) ? "warn" : "error";
}

// These come from the request: hostile ones must not fill the log.
const longestField = 300;

function fieldsOf(call: AgentCall, elapsedMs: number): Record<string, unknown> {
  const { category, flyte, callId, trace } = call;
  return {
    task_type: category.name.slice(0, longestField),
    ...(category.version === 0 ? {} : { task_type_version: category.version }),
    flyte,
    call: callId,
    ...(trace === undefined ? {} : { trace_id: trace.traceparent.slice(3, 35) }),
    ...("executionId" in call && call.executionId !== "" ? { execution: call.executionId.slice(0, longestField) } : {}),
    ...("outputPrefix" in call && call.operation === "get"
      ? { output_prefix: call.outputPrefix.slice(0, longestField) }
      : {}),
    ms: Math.round(elapsedMs * 10) / 10,
  };
}

function phaseOf(answer: unknown): Record<string, unknown> {
  return typeof answer === "object" && answer !== null && "phase" in answer ? { phase: answer.phase } : {};
}
