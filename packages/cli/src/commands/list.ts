import { completePlan, findAppRoot, type Plan, packageCommands } from "@flyte-agent/runtime";
import { askPlugins } from "../endpoint/ask-plugins.ts";
import { networkWarnings } from "../network/network-warnings.ts";
import { loadPlan, type PlanFlags } from "../plan/load-plan.ts";
import { noPlugins } from "../plan/no-plugins.ts";
import { type PluginRow, pluginRows } from "../plan/plugin-row.ts";
import { printPlugins } from "../print/plugin-table.ts";
import type { Terminal } from "../print/terminal.ts";
import { exitCodes } from "../process/exit-codes.ts";

/** Flags of `list`. */
export interface ListFlags extends PlanFlags {
  /** `--all` */
  readonly all: boolean;
  /** `--json` */
  readonly json: boolean;
  /** `--endpoint`, the base address of a server. */
  readonly endpoint: string | undefined;
}

/** Lists the plugins of the plan, or those of a running server. Runs no plugin code. */
export async function list(flags: ListFlags, terminal: Terminal): Promise<number> {
  // Proxies do not matter here: no call to a server goes through one.
  for (const warning of networkWarnings(process, true)) terminal.err.line(`warning: ${warning}`);
  const { about, rows, canStart, nothing } =
    flags.endpoint === undefined ? await listPlan(flags) : await listServer(flags.endpoint);
  const shown = flags.all ? rows : rows.filter(needsNoAll);
  if (flags.json) {
    terminal.out.line(JSON.stringify({ ...about, plugins: shown }, undefined, 2));
    return exitCodes.ok;
  }
  if (shown.length === 0) terminal.out.line(nothing);
  else printPlugins(terminal.out, shown);
  const { run } = packageCommands(findAppRoot(process.cwd()).directory);
  const hidden = rows.length - shown.length;
  if (hidden > 0) {
    const rest = hidden === 1 ? "1 more plugin is" : `${hidden} more plugins are`;
    terminal.err.line(`\n${rest} installed and not active or switched off: ${run("list --all")}`);
  }
  if (!canStart) terminal.err.line(`\nthese plugins cannot be served together: ${run("doctor")}`);
  return exitCodes.ok;
}

interface Listing {
  /** What stands beside the plugins in JSON. */
  readonly about: Readonly<Record<string, unknown>>;
  readonly rows: readonly PluginRow[];
  /** Whether nothing has to be decided first. */
  readonly canStart: boolean;
  /** What is said where there are none. */
  readonly nothing: string;
}

async function listPlan(flags: PlanFlags): Promise<Listing> {
  const plan = completePlan((await loadPlan(flags)).plan);
  const canStart = plan.conflicts.length === 0 && plan.settingProblems.length === 0;
  const { text, fix } = noPlugins(plan.appRoot);
  return { about: factsOf(plan), rows: pluginRows(plan), canStart, nothing: `${text}: ${fix}` };
}

async function listServer(endpoint: string): Promise<Listing> {
  const nothing = `${endpoint} serves no plugins`;
  return { about: { endpoint }, rows: await askPlugins(endpoint), canStart: true, nothing };
}

function needsNoAll({ state }: PluginRow): boolean {
  return state !== "inactive" && state !== "disabled";
}

function factsOf(plan: Plan): Readonly<Record<string, unknown>> {
  return {
    appRoot: plan.appRoot,
    configFile: plan.configFile,
    discovery: plan.discovery,
    conflicts: plan.conflicts.map((conflict) => ({
      kind: conflict.kind,
      ...(conflict.kind === "id" ? { id: conflict.id } : { taskType: conflict.category }),
      packages: conflict.claimants.map(({ candidate }) => candidate.packageName),
    })),
    settingProblems: plan.settingProblems,
    warnings: plan.warnings,
  };
}
