import type { Plan } from "./plan.ts";
import { pluginsRejected } from "./plan-errors.ts";

/**
 * Refuses a plan with rejected plugins, for `plugins.onFailure: abort`.
 *
 * @throws AgentError `invalid_manifest` naming each rejected package, the reason and the way to fix it.
 */
export function assertNoRejections(plan: Plan): void {
  const rejected = plan.entries.filter(({ verdict }) => verdict.kind === "rejected");
  if (rejected.length > 0) throw pluginsRejected(rejected);
}
