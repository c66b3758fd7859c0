import type { Plan } from "./plan.ts";
import { pluginConflict, wrongNames } from "./plan-errors.ts";

/**
 * Refuses a plan in which the operator has to decide something first.
 *
 * @throws AgentError `invalid_config` if a name in the configuration leads nowhere; `plugin_conflict` if
 * plugins claim one task category or one id, naming each with its directory and the lines that choose one.
 */
export function assertNoConflicts(plan: Plan): void {
  if (plan.settingProblems.length > 0) throw wrongNames(plan.settingProblems);
  if (plan.conflicts.length > 0) throw pluginConflict(plan);
}
