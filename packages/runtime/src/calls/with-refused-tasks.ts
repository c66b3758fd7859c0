import { type AgentError, type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";
import type { RuntimeLog } from "../log/create-log.ts";
import { errorFields } from "../log/error-fields.ts";
import type { Metrics } from "../metrics/create-metrics.ts";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentCall, AgentCalls, ResourceAnswer } from "../seam/agent-calls.ts";
import { errorSentence } from "./error-sentence.ts";
import { encodePackedAnswer } from "./packed-answer.ts";

/** What is wrong with the task itself, so that no other attempt would do better. */
const finalCodes: ReadonlySet<AgentErrorCode> = new Set([
  "invalid_input",
  "invalid_output",
  "invalid_task",
  "vendor_refused",
]);

/**
 * Lets a task that can never run end as FAILED. To FlytePropeller each error of CreateTask and ExecuteTaskSync is one
 * that another attempt may not meet, so that it would run the task again until its retries are used up. A create is
 * therefore answered with a job that says FAILED at its first poll.
 */
export function withRefusedTasks(
  next: AgentCalls,
  { registry, metrics, log }: { registry: AgentRegistry; metrics: Metrics; log: RuntimeLog },
): AgentCalls {
  function refused(call: AgentCall & { readonly executionId: string }, reason: unknown): ResourceAnswer {
    if (!isAgentError(reason) || !finalCodes.has(reason.code)) throw reason;
    const taskType = registry.find(call.category) === undefined ? "unknown" : call.category.name;
    metrics.taskRefused(taskType, reason.code);
    log.warn("the task is refused for good; Flyte is told that it failed", {
      task_type: call.category.name,
      call: call.callId,
      ...(call.executionId === "" ? {} : { execution: call.executionId.slice(0, longestField) }),
      outcome: reason.code,
      ...errorFields(reason),
    });
    return refusal(reason);
  }

  return {
    ...next,
    async create(call, signal) {
      try {
        return await next.create(call, signal);
      } catch (reason) {
        // Who polls reads no error code: FlytePropeller drops it, and Flyte 2 has none.
        return { job: encodePackedAnswer({ ...refused(call, reason), errorCode: "" }) };
      }
    },
    async do(call, signal) {
      try {
        return await next.do(call, signal);
      } catch (reason) {
        return refused(call, reason);
      }
    },
  };
}

// The execution comes from the request: a hostile one must not fill the log.
const longestField = 300;

function refusal(reason: AgentError): ResourceAnswer {
  return {
    phase: "failed",
    message: errorSentence(reason),
    logLinks: [],
    outputs: undefined,
    customInfo: { code: reason.code },
    errorCode: reason.code,
  };
}
