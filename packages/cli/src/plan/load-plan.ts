import { type ConfigFlags, createPlan, loadConfig, type Plan, type ResolvedConfig } from "@flyte-agent/runtime";
import { noRestartVariable } from "../process/restart-node.ts";

/** The flags that decide which plugins there are. */
export interface PlanFlags {
  /** `--config` */
  readonly config?: string;
  /** `--modules` */
  readonly modules?: readonly string[];
  /** Those that are settings of the configuration. */
  readonly settings: ConfigFlags;
}

/** Reads the configuration and makes the plan, for the working directory. */
export async function loadPlan({
  config: configFile,
  modules = [],
  settings,
}: PlanFlags): Promise<{ readonly config: ResolvedConfig; readonly plan: Plan }> {
  const cwd = process.cwd();
  const { [noRestartVariable]: _, ...env } = process.env;
  const config = await loadConfig({ cwd, configFile, flags: settings, env });
  return { config, plan: createPlan({ appRoot: config.appRoot, config, modules, cwd }) };
}
