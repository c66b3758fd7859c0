import { basename } from "node:path";
import { AgentError } from "@flyte-agent/sdk";
import type { Manifest } from "../discovery/manifest.ts";
import { categoryKey } from "../seam/agent-calls.ts";
import { pathFrom } from "./path-from.ts";
import type { Plan, PlanConflict, PlanEntry, Verdict } from "./plan.ts";

/** Plugins conflict, and the start must not choose one of them by itself. */
export function pluginConflict(plan: Pick<Plan, "appRoot" | "configFile" | "conflicts">): AgentError {
  const { appRoot, configFile, conflicts } = plan;
  const file = configFile === undefined ? "flyte-agent.config.yaml" : basename(configFile);
  const texts = conflicts.map((conflict) => conflictText(conflict, appRoot));
  const lines = choices(conflicts).map((line) => `  ${line}`);
  return new AgentError("plugin_conflict", [...texts, `choose in ${file}:`, ...lines].join("\n"));
}

/** Names in the configuration lead nowhere; each problem is a sentence. */
export function wrongNames(problems: readonly string[]): AgentError {
  return new AgentError("invalid_config", problems.join("\n"));
}

/** Plugins were rejected, and `plugins.onFailure` is `abort`. */
export function pluginsRejected(entries: readonly PlanEntry[]): AgentError {
  const lines = entries.flatMap(({ candidate, verdict }) =>
    verdict.kind === "accepted" ? [] : [`${candidate.packageName} was rejected: ${verdict.reason} (${verdict.fix})`],
  );
  return new AgentError("invalid_manifest", lines.join("\n"));
}

/** A route names a plugin that does not serve the task type. */
export function routeToWrongPlugin(route: string, manifest: Manifest): string {
  const served = manifest.agents.map(({ category }) => categoryKey(category)).join(", ");
  return `${routePath(route)}: the plugin "${manifest.id}" does not serve ${route}, it serves ${served}`;
}

/** A route names a plugin that is not served. */
export function routeToRefusedPlugin(route: string, id: string, verdict: Verdict): string {
  const reason = verdict.kind === "accepted" ? "" : `: ${verdict.reason}`;
  return `${routePath(route)}: the plugin "${id}" is ${verdict.kind}${reason}`;
}

/** A route names a plugin that is not there. */
export function routeToMissingPlugin(route: string, id: string, nearest: string | undefined): string {
  const hint = nearest === undefined ? "remove the route or install the plugin" : `did you mean "${nearest}"?`;
  return `${routePath(route)}: no plugin has the id "${id}", ${hint}`;
}

function conflictText(conflict: PlanConflict, appRoot: string): string {
  const claimants = conflict.claimants
    .map(({ candidate }) => `  ${candidate.packageName} in ${pathFrom(appRoot, candidate.directory)}`)
    .join("\n");
  const count = conflict.claimants.length === 2 ? "two" : String(conflict.claimants.length);
  const what =
    conflict.kind === "id"
      ? `plugins have the id "${conflict.id}"`
      : `plugins serve the task type ${categoryKey(conflict.category)}`;
  return `${count} ${what}:\n${claimants}`;
}

/** One block for all conflicts, since a file can have only one. */
function choices(conflicts: readonly PlanConflict[]): readonly string[] {
  const disabled = conflicts.flatMap((conflict) => {
    if (conflict.kind === "task-type") return [];
    const [first = "", ...others] = conflict.claimants.map(({ candidate }) => JSON.stringify(candidate.packageName));
    const choice = others.length === 1 ? `or ${first}` : `all but one of these and ${first}`;
    return others.map((other) => `    - ${other}  # ${choice}`);
  });
  const routes = conflicts.flatMap((conflict) => {
    if (conflict.kind === "id") return [];
    const [first, ...others] = conflict.claimants.flatMap(({ manifest }) => manifest?.id ?? []);
    return [`    ${JSON.stringify(categoryKey(conflict.category))}: ${JSON.stringify(first)}${or(others)}`];
  });
  return [
    "plugins:",
    ...(disabled.length === 0 ? [] : ["  disabled:", ...disabled]),
    ...(routes.length === 0 ? [] : ["  routes:", ...routes]),
  ];
}

function or(others: readonly string[]): string {
  return others.length === 0 ? "" : `  # or ${others.map((other) => JSON.stringify(other)).join(", ")}`;
}

function routePath(route: string): string {
  return `plugins.routes[${JSON.stringify(route)}]`;
}
