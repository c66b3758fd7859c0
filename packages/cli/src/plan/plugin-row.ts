import { categoryKey, type Plan, type PlanEntry } from "@flyte-agent/runtime";

/** One plugin as `list` and `doctor` show it; also the form of `list --json`. */
export interface PluginRow {
  readonly id: string | undefined;
  readonly package: string;
  readonly version: string;
  readonly directory: string | undefined;
  /** How it was found, `undefined` where a server was asked. */
  readonly source: PlanEntry["candidate"]["source"] | undefined;
  /** The verdict of the plan, or the state on a server. */
  readonly state: string;
  readonly code: string | undefined;
  /** Why it is not served; `""` if it is. */
  readonly reason: string;
  readonly fix: string;
  readonly taskTypes: readonly TaskTypeRow[];
}

/** One task type of a plugin. */
export interface TaskTypeRow {
  readonly name: string;
  readonly version: number;
  readonly mode: "async" | "sync";
  readonly agent: string;
  /** Whether this plugin serves it, and no other one does. */
  readonly served: boolean;
}

/** The plugins of a plan, in its order. */
export function pluginRows(plan: Plan): readonly PluginRow[] {
  return plan.entries.map(({ candidate, manifest, verdict }) => ({
    id: candidate.pluginId,
    package: candidate.packageName,
    version: candidate.packageVersion,
    directory: candidate.directory,
    source: candidate.source,
    state: verdict.kind,
    code: verdict.kind === "accepted" ? undefined : verdict.code,
    reason: verdict.kind === "accepted" ? "" : verdict.reason,
    fix: verdict.kind === "accepted" ? "" : verdict.fix,
    taskTypes: (manifest?.agents ?? []).map(({ category, mode, name }) => ({
      ...category,
      mode,
      agent: name,
      served: verdict.kind === "accepted" && plan.owners.get(categoryKey(category)) === manifest?.id,
    })),
  }));
}
