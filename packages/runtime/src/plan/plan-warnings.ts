import { nearestName } from "@flyte-agent/sdk/host";
import type { ResolvedConfig } from "../config/resolved-config.ts";
import { matchesPattern } from "./matches-pattern.ts";
import { nearMiss } from "./name-problems.ts";
import type { PlanEntry } from "./plan.ts";

/**
 * What the operator should know of a plan that can be served: plugins to switch off that are not there (meant for
 * another machine, perhaps), and plugins that ask for what this runtime does not have.
 */
export function planWarnings(
  entries: readonly PlanEntry[],
  { plugins }: Pick<ResolvedConfig, "plugins">,
): readonly string[] {
  const names = entries.flatMap(({ candidate }) => [candidate.pluginId, candidate.packageName]);
  const fitsNone = (pattern: string): boolean => !names.some((name) => matchesPattern(pattern, name));
  return [
    ...plugins.disabled
      .filter(
        (pattern) =>
          fitsNone(pattern) && !plugins.optional.includes(pattern) && nearMiss(pattern, entries) === undefined,
      )
      .map((pattern) => `plugins.disabled: "${pattern}" fits no plugin${hint(pattern, names)}`),
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
