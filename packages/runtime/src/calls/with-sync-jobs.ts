import { invalidJob } from "@flyte-agent/sdk/host";
import type { AgentRegistry } from "../registry/registry.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { decodeSyncJob, encodeSyncJob } from "./sync-job.ts";

/** Largest `resource_meta` that carries an answer: Flyte stores it in an object that etcd limits to 1.5 MB. */
const maxSyncJobBytes = 128 * 1024;

/**
 * Serves sync agents through create, get and delete too: Flyte 2 has no other way, and Flyte 1 comes this way when its
 * configuration names the agent for a task type.
 */
export function withSyncJobs(next: AgentCalls, registry: AgentRegistry): AgentCalls {
  const isSync = (call: { readonly category: { readonly name: string; readonly version: number } }): boolean =>
    registry.find(call.category)?.mode === "sync";
  return {
    ...next,
    async create(call, signal) {
      if (!isSync(call)) return next.create(call, signal);
      const answer = await next.do({ ...call, operation: "do" }, signal);
      const job = encodeSyncJob(answer);
      if (job.byteLength <= maxSyncJobBytes) return { job };
      const message =
        `the task ended (${answer.phase}), but its outputs are too large to be stored with the task: ` +
        `${job.byteLength} bytes, at most ${maxSyncJobBytes} are allowed. Make the answer smaller`;
      return { job: encodeSyncJob({ ...answer, phase: "failed", message, outputs: undefined }) };
    },
    async get(call, signal) {
      if (!isSync(call)) return next.get(call, signal);
      const answer = decodeSyncJob(call.job);
      if (answer === undefined)
        throw invalidJob(`is not an answer of the sync agent of task type "${call.category.name}"`);
      return answer;
    },
    async delete(call, signal) {
      if (!isSync(call)) await next.delete(call, signal);
    },
  };
}
