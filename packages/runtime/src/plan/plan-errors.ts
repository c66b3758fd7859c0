import { basename } from "node:path";
import { AgentError } from "@flyte-agent/sdk";
import type { Manifest } from "../discovery/manifest.ts";
import { categoryKey } from "../seam/agent-calls.ts";
import { pathFrom } from "./path-from.ts";
import type { Plan, PlanConflict, PlanEntry, Verdict } from "./plan.ts";

/** Plugins conflict, and the start must not choose one of them by itself. */
export function pluginConflict(plan: Pick<Plan, "appRoot" | "configFile" | "conflicts">): AgentError {
  return new AgentError("plugin_conflict", plan.conflicts.map((conflict) => conflictText(conflict, plan)).join("\n"));
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

function conflictText(conflict: PlanConflict, plan: Pick<Plan, "appRoot" | "configFile">): string {
  const claimants = conflict.claimants
    .map(({ candidate }) => `  ${candidate.packageName} in ${pathFrom(plan.appRoot, candidate.directory)}`)
    .join("\n");
  const file = plan.configFile === undefined ? "flyte-agent.config.yaml" : basename(plan.configFile);
  const count = conflict.claimants.length === 2 ? "two" : String(conflict.claimants.length);
  if (conflict.kind === "id") {
    const lines = conflict.claimants.map(
      ({ candidate }) => `  plugins: { disabled: [${JSON.stringify(candidate.packageName)}] }`,
    );
    return `${count} plugins have the id "${conflict.id}":\n${claimants}\nswitch one off in ${file}:\n${lines.join("\n")}`;
  }
  const key = categoryKey(conflict.category);
  const lines = conflict.claimants.map(
    ({ manifest }) => `  plugins: { routes: { ${JSON.stringify(key)}: ${JSON.stringify(manifest?.id)} } }`,
  );
  return `${count} plugins serve the task type ${key}:\n${claimants}\nchoose one in ${file}:\n${lines.join("\n")}`;
}

function routePath(route: string): string {
  return `plugins.routes[${JSON.stringify(route)}]`;
}
