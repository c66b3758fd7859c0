import { nearestName } from "@flyte-agent/sdk/host";
import type { Manifest } from "../discovery/manifest.ts";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { categoryKey, type TaskCategory } from "../seam/agent-calls.ts";
import type { PlanConflict, PlanEntry } from "./plan.ts";
import { routeToMissingPlugin, routeToRefusedPlugin, routeToWrongPlugin } from "./plan-errors.ts";

/** Who serves which task category. */
export interface Ownership {
  /** Id of the plugin by `categoryKey`, in code-unit order. */
  readonly owners: ReadonlyMap<string, string>;
  readonly conflicts: readonly PlanConflict[];
  readonly routeProblems: readonly string[];
}

/** Gives each task category of the accepted plugins its owner: the only claimant, or the one that a route names. */
export function assignOwners(entries: readonly PlanEntry[], routes: Readonly<Record<string, string>>): Ownership {
  const owners = new Map<string, string>();
  const conflicts: PlanConflict[] = [];
  for (const { category, claimants } of claimedCategories(entries)) {
    const routed = routeOf(routes, categoryKey(category)) ?? routeOf(routes, category.name);
    const [only, ...others] = claimants;
    const owner = claimants.find(({ manifest }) => manifest?.id === routed) ?? (others.length === 0 ? only : undefined);
    if (owner?.manifest !== undefined) owners.set(categoryKey(category), owner.manifest.id);
    else conflicts.push({ kind: "task-type", category, claimants });
  }
  const routeProblems = Object.entries(routes)
    .sort(([left], [right]) => compareCodeUnits(left, right))
    .flatMap(([route, id]) => routeProblem(route, id, entries) ?? []);
  return { owners, conflicts, routeProblems };
}

interface ClaimedCategory {
  readonly category: TaskCategory;
  readonly claimants: readonly PlanEntry[];
}

function claimedCategories(entries: readonly PlanEntry[]): readonly ClaimedCategory[] {
  const claims = entries
    .filter(({ verdict }) => verdict.kind === "accepted")
    .flatMap((entry) => (entry.manifest?.agents ?? []).map(({ category }) => ({ category, entry })));
  return [...Map.groupBy(claims, ({ category }) => categoryKey(category))]
    .sort(([left], [right]) => compareCodeUnits(left, right))
    .flatMap(([, [first, ...rest]]) =>
      first === undefined ? [] : [{ category: first.category, claimants: [first, ...rest].map(({ entry }) => entry) }],
    );
}

// A task type may have the name of something that every object inherits.
function routeOf(routes: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(routes, name) ? routes[name] : undefined;
}

function routeProblem(route: string, id: string, entries: readonly PlanEntry[]): string | undefined {
  const accepted = entries.filter(({ verdict }) => verdict.kind === "accepted");
  const target = accepted.find(({ manifest }) => manifest?.id === id);
  if (target?.manifest !== undefined) {
    return serves(target.manifest, route) ? undefined : routeToWrongPlugin(route, target.manifest);
  }
  const refused = entries.find(({ manifest, candidate }) => manifest?.id === id || candidate.packageName === id);
  if (refused !== undefined && refused.manifest?.id === id) return routeToRefusedPlugin(route, id, refused.verdict);
  const ids = accepted.flatMap(({ manifest }) => manifest?.id ?? []);
  return routeToMissingPlugin(route, id, refused?.manifest?.id ?? nearestName(id, ids));
}

function serves(manifest: Manifest, route: string): boolean {
  return manifest.agents.some(({ category }) => category.name === route || categoryKey(category) === route);
}
