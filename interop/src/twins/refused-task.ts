import type { Facts } from "./facts.ts";

/**
 * Facts of a create or of ExecuteTaskSync, with a refused task of ours as what its reader is told: a job, or an answer, that
 * says FAILED with a sentence and a code. The sentence is our own, as that of an error is.
 */
export function withRefusedTask(facts: Facts): Facts {
  const { resourceMeta = "", "0.header.resource.message": message = "", rpc, ...rest } = facts;
  const told = resourceMeta.includes('"flyte_agent_sync_answer"') ? resourceMeta : message;
  const { code } = / \[(?<code>[a-z_]+)\]"/.exec(told)?.groups ?? {};
  if (code === undefined || rpc !== "OK") return facts;
  const counted = Object.entries(rest).filter(([name]) => name === "messages");
  return { rpc: `FAILED, a sentence [${code}]`, ...Object.fromEntries(counted) };
}
