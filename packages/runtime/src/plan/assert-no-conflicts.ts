import type { Plan } from "./plan.ts";
import { misrouted, pluginConflict } from "./plan-errors.ts";

/**
 * Refuses a plan in which the operator has to decide something first.
 *
 * @throws AgentError `invalid_config` if a route leads to no plugin that serves its task type; `plugin_conflict` if
 * plugins claim one task category or one id, naming each with its directory and the lines that choose one.
 */
export function assertNoConflicts(plan: Plan): void {
  if (plan.routeProblems.length > 0) throw misrouted(plan.routeProblems);
  if (plan.conflicts.length > 0) throw pluginConflict(plan);
}
