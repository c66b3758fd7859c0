import { createPlan, loadConfig, type Plan, type PluginsConfig, type ResolvedConfig } from "@flyte-agent/runtime";

/** What a test changes of the configuration. */
export interface PlanChanges {
  readonly plugins?: Partial<PluginsConfig>;
  readonly config?: ResolvedConfig["config"];
  readonly modules?: readonly string[];
  readonly nodeVersion?: string;
}

/** Makes the plan of a project with the default configuration and these changes. */
export async function planProject(appRoot: string, changes: PlanChanges = {}): Promise<Plan> {
  const config = await loadConfig({ cwd: appRoot, env: {} });
  return createPlan({
    appRoot,
    config: { ...config, plugins: { ...config.plugins, ...changes.plugins }, config: changes.config ?? config.config },
    cwd: appRoot,
    ...(changes.modules === undefined ? {} : { modules: changes.modules }),
    ...(changes.nodeVersion === undefined ? {} : { nodeVersion: changes.nodeVersion }),
  });
}

/** A plan in short: a line for each entry. */
export function summary(plan: Plan): readonly string[] {
  return plan.entries.map(({ candidate, verdict }) =>
    verdict.kind === "accepted"
      ? `${candidate.packageName} accepted`
      : `${candidate.packageName} ${verdict.kind} ${verdict.code}: ${verdict.reason} -> ${verdict.fix}`,
  );
}
