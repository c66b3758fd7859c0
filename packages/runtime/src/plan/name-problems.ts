import { nearestName } from "@flyte-agent/sdk/host";
import type { ResolvedConfig } from "../config/resolved-config.ts";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { closeName } from "../validation/close-name.ts";
import { inactiveEntries } from "./complete-plan.ts";
import { matchesPattern } from "./matches-pattern.ts";
import type { Plan, PlanEntry } from "./plan.ts";
import { withFix } from "./with-fix.ts";

/**
 * Finds names in the configuration whose mistyping would serve a plugin with less protection than the operator wrote
 * down: options for a plugin that is not there, unless it is switched off or said to be optional, and entries of
 * `disabled` and `deny` that fit nothing and nearly a plugin that is served.
 *
 * @returns a sentence for each.
 */
export function nameProblems(
  plan: Pick<Plan, "appRoot" | "discovery" | "entries">,
  { plugins, config }: Pick<ResolvedConfig, "plugins" | "config">,
): readonly string[] {
  const known = plan.entries.map(({ candidate }) => candidate.pluginId);
  const expected = [...plugins.disabled, ...plugins.optional];
  const unknown = Object.keys(config)
    .filter((id) => !known.includes(id) && !expected.some((pattern) => matchesPattern(pattern, id)))
    .sort(compareCodeUnits);
  // Looks at every installed package, which is worth it only here.
  const inactive = unknown.length === 0 ? [] : inactiveEntries(plan);
  return [
    ...unknown.map((id) => optionsProblem(id, plan.entries, inactive)),
    ...(["disabled", "deny"] as const).flatMap((key) =>
      plugins[key].flatMap((pattern) => {
        const meant = plugins.optional.includes(pattern) ? undefined : nearMiss(pattern, plan.entries);
        if (meant === undefined || inactiveEntries(plan).some((entry) => namesOf(entry).includes(pattern))) return [];
        return [listProblem(`plugins.${key}`, pattern, meant)];
      }),
    ),
  ];
}

/**
 * The id or package name of a plugin that is served and that a pattern most likely means, where it fits no plugin at
 * all. A pattern with `*` means what it says: it may be there for what is yet to come.
 */
export function nearMiss(pattern: string, entries: readonly PlanEntry[]): string | undefined {
  if (pattern.includes("*") || entries.some((entry) => namesOf(entry).includes(pattern))) return undefined;
  return closeName(pattern, entries.filter(({ verdict }) => verdict.kind === "accepted").flatMap(namesOf));
}

function namesOf({ candidate }: PlanEntry): readonly string[] {
  return [candidate.pluginId, candidate.packageName];
}

function optionsProblem(id: string, entries: readonly PlanEntry[], inactive: readonly PlanEntry[]): string {
  const place = `config[${JSON.stringify(id)}]`;
  const named = [...entries, ...inactive].find(({ candidate }) => candidate.packageName === id);
  if (named !== undefined) {
    return `${place}: options stand under the id of a plugin, did you mean "${named.candidate.pluginId}"?`;
  }
  const unused = inactive.find(({ candidate }) => candidate.pluginId === id);
  if (unused !== undefined && unused.verdict.kind !== "accepted") {
    const { reason, fix } = unused.verdict;
    return withFix(`${place}: ${unused.candidate.packageName} is ${unused.verdict.kind}, ${reason}`, fix);
  }
  const nearest = nearestName(
    id,
    entries.map(({ candidate }) => candidate.pluginId),
  );
  const hint = nearest === undefined ? ", install it or remove its options." : `, did you mean "${nearest}"?`;
  return `${place}: no plugin has the id "${id}"${hint} If it may be missing here: ${optional(id)}`;
}

function listProblem(place: string, pattern: string, meant: string): string {
  return `${place}: "${pattern}" fits no plugin, did you mean "${meant}"? If it may be missing here: ${optional(pattern)}`;
}

function optional(name: string): string {
  return `plugins: { optional: [${JSON.stringify(name)}] }`;
}
