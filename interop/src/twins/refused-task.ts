import type { Facts } from "./facts.ts";

/**
 * Facts of a create or of ExecuteTaskSync, with a refused task of ours as what its reader is told: a job, or an answer, that
 * says FAILED with a sentence and a code. The sentence is our own, as that of an error is.
 */
export function withRefusedTask(facts: Facts): Facts {
  const { resourceMeta = "", rpc, messages } = facts;
  const told = resourceMeta.includes('"flyte_agent_sync_answer"') ? resourceMeta : facts["0.header.resource.message"];
  const { code } = / \[(?<code>[a-z_]+)\]"/.exec(told ?? "")?.groups ?? {};
  if (code === undefined || rpc !== "OK") return facts;
  return { rpc: `FAILED, a sentence [${code}]`, ...(messages === undefined ? {} : { messages }) };
}
