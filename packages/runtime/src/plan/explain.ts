import { nearestName } from "@flyte-agent/sdk/host";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { categoryKey } from "../seam/agent-calls.ts";
import type { Plan, PlanConflict, PlanEntry } from "./plan.ts";

/** Who serves a task category, or who would. */
export interface ExplainedCategory {
  /** `categoryKey`. */
  readonly key: string;
  /** Id of the plugin that serves it; `undefined` if none does. */
  readonly owner: string | undefined;
  /** Everything that declares it, also what is not served. */
  readonly claimants: readonly PlanEntry[];
  /** Set where plugins conflict about it. */
  readonly conflict: PlanConflict | undefined;
}

/** The answer to why something is or is not served. */
export type Explanation =
  /** The name, id or directory of packages; each entry has its verdict and the trace that led there. */
  | { readonly kind: "package"; readonly entries: readonly PlanEntry[] }
  /** A task type, in each version that is declared. */
  | { readonly kind: "task-type"; readonly categories: readonly ExplainedCategory[] }
  /** Nothing of that name. `nearest` is one that exists. */
  | { readonly kind: "unknown"; readonly nearest: string | undefined };

/**
 * Collects what a plan says about one package or one task type. Give it a completed plan, so that inactive plugins are
 * found too.
 *
 * @param subject name of a package, id of a plugin, directory, `type` or `type@version`.
 */
export function explain(plan: Plan, subject: string): Explanation {
  const entries = plan.entries.filter(({ candidate }) =>
    [candidate.packageName, candidate.pluginId, candidate.directory].includes(subject),
  );
  const keys = declaredKeys(plan, subject);
  // A plugin is often named like its task type (`webhook`): the package's entry says more.
  if (entries.length > 0) return { kind: "package", entries };
  if (keys.length > 0) return { kind: "task-type", categories: keys.map((key) => explainCategory(plan, key)) };
  return { kind: "unknown", nearest: nearestName(subject, everyName(plan)) };
}

function explainCategory(plan: Plan, key: string): ExplainedCategory {
  return {
    key,
    owner: plan.owners.get(key),
    claimants: plan.entries.filter((entry) => keysOf(entry).includes(key)),
    conflict: plan.conflicts.find(
      (conflict) => conflict.kind === "task-type" && categoryKey(conflict.category) === key,
    ),
  };
}

function declaredKeys(plan: Plan, subject: string): readonly string[] {
  const keys = new Set(plan.entries.flatMap(keysOf));
  return [...keys]
    .filter((key) => key === subject || key.slice(0, key.lastIndexOf("@")) === subject)
    .sort(compareCodeUnits);
}

function keysOf({ manifest }: PlanEntry): readonly string[] {
  return manifest?.agents.map(({ category }) => categoryKey(category)) ?? [];
}

function everyName(plan: Plan): readonly string[] {
  return plan.entries.flatMap((entry) => [
    entry.candidate.packageName,
    entry.candidate.pluginId,
    ...(entry.manifest?.agents.map(({ category }) => category.name) ?? []),
  ]);
}
