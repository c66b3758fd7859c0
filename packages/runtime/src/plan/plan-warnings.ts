import { nearestName } from "../config/nearest-name.ts";
import type { ResolvedConfig } from "../config/resolved-config.ts";
import { compareCodeUnits } from "../discovery/compare-code-units.ts";
import { matchesPattern } from "./matches-pattern.ts";
import type { PlanEntry } from "./plan.ts";

/**
 * What the operator should know of a plan that can be served: names in the configuration that fit no plugin (most
 * likely mistyped, possibly meant for another machine), and plugins that ask for what this runtime does not have.
 */
export function planWarnings(
  entries: readonly PlanEntry[],
  { plugins, config }: Pick<ResolvedConfig, "plugins" | "config">,
): readonly string[] {
  const ids = entries.flatMap(({ manifest }) => manifest?.id ?? []);
  const names = [...ids, ...entries.map(({ candidate }) => candidate.packageName)];
  return [
    ...plugins.disabled
      .filter((pattern) => !names.some((name) => matchesPattern(pattern, name)))
      .map((pattern) => `plugins.disabled: "${pattern}" fits no plugin${hint(pattern, names)}`),
    ...Object.keys(config)
      .filter((id) => !ids.includes(id))
      .sort(compareCodeUnits)
      .map((id) => `config: no plugin has the id "${id}"${hint(id, ids)}`),
    ...entries.flatMap(isolationWarning),
  ];
}

function isolationWarning({ manifest, verdict }: PlanEntry): readonly string[] {
  if (verdict.kind !== "accepted" || manifest === undefined || manifest.isolation === "inline") return [];
  return [
    `plugin "${manifest.id}" asks for isolation "${manifest.isolation}", which this version does not have: ` +
      "it runs in the server's own thread",
  ];
}

function hint(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : `, did you mean "${nearest}"?`;
}
