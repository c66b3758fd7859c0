import { invalidJob } from "@flyte-agent/sdk/host";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentCalls, ResourceAnswer } from "../seam/agent-calls.ts";
import { encodePackedAnswer } from "./packed-answer.ts";

/** Largest `resource_meta` that carries an answer: Flyte stores it in an object that etcd limits to 1.5 MB. */
const maxSyncJobBytes = 128 * 1024;

/**
 * Serves sync agents through create, get and delete too: Flyte 2 has no other way, and Flyte 1 comes this way when its
 * configuration names the agent for a task type. The work is done within create; what reads the answer that is then in
 * the job is {@link withPackedAnswers}.
 */
export function withSyncJobs(next: AgentCalls, registry: AgentRegistry): AgentCalls {
  const isSync = (call: { readonly category: { readonly name: string; readonly version: number } }): boolean =>
    registry.find(call.category)?.mode === "sync";
  return {
    ...next,
    async create(call, signal) {
      if (!isSync(call)) return next.create(call, signal);
      const answer = await next.do({ ...call, operation: "do" }, signal);
      const job = encodePackedAnswer(answer);
      if (job.byteLength <= maxSyncJobBytes) return { job };
      return { job: encodePackedAnswer(tooLarge(answer, job.byteLength)) };
    },
    get(call, signal) {
      if (!isSync(call)) return next.get(call, signal);
      return Promise.reject(invalidJob(`is not an answer of the sync agent of task type "${call.category.name}"`));
    },
    async delete(call, signal) {
      if (!isSync(call)) await next.delete(call, signal);
    },
  };
}

// What makes it too large may be any of its parts, so that only the sentence is kept.
function tooLarge(answer: ResourceAnswer, sizeBytes: number): ResourceAnswer {
  const { phase, outputs, customInfo, logLinks } = answer;
  const parts = [
    `outputs ${outputs?.byteLength ?? 0}`,
    `custom info ${jsonBytes(customInfo)}`,
    `log links ${jsonBytes(logLinks.length === 0 ? undefined : logLinks)}`,
  ];
  return {
    phase: "failed",
    message:
      `the task ended (${phase}), but its answer is too large to be stored with the task: ${sizeBytes} bytes ` +
      `(${parts.join(", ")}), at most ${maxSyncJobBytes} are allowed. Return references to data in place of the data`,
    logLinks: [],
    outputs: undefined,
    customInfo: undefined,
    errorCode: "message_too_large",
  };
}

function jsonBytes(value: unknown): number {
  return value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
}
