import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentCall, AgentCalls, ResourceAnswer } from "../seam/agent-calls.ts";
import { decodePackedAnswer } from "./packed-answer.ts";

/**
 * Answers for jobs that hold their answer themselves, before anybody else is asked: their plugin may be broken or gone.
 * There is nothing at a vendor that could be deleted or watched.
 */
export function withPackedAnswers(next: AgentCalls, registry: AgentRegistry): AgentCalls {
  // A sync agent has neither metrics nor logs, whatever its job holds.
  const viewed = ({ category, job }: AgentCall & { readonly job: Uint8Array }): ResourceAnswer | undefined =>
    registry.find(category)?.mode === "sync" ? undefined : decodePackedAnswer(job);
  return {
    ...next,
    get(call, signal) {
      const answer = decodePackedAnswer(call.job);
      return answer === undefined ? next.get(call, signal) : Promise.resolve(answer);
    },
    async delete(call, signal) {
      if (decodePackedAnswer(call.job) === undefined) await next.delete(call, signal);
    },
    async metrics(call, signal) {
      return viewed(call) === undefined ? await next.metrics(call, signal) : { metrics: [] };
    },
    async logs(call, signal) {
      const answer = viewed(call);
      return answer === undefined ? await next.logs(call, signal) : { lines: linesOf(answer.message), nextToken: "" };
    },
  };
}

function linesOf(message: string): readonly { readonly message: string }[] {
  return message === "" ? [] : [{ message }];
}
