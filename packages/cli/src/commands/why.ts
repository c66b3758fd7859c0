import {
  completePlan,
  type Explanation,
  explain,
  type Plan,
  type PlanEntry,
  packageCommands,
} from "@flyte-agent/runtime";
import { loadPlan, type PlanFlags } from "../plan/load-plan.ts";
import { oneLine, type Printer, type Terminal } from "../print/terminal.ts";
import { exitCodes } from "../process/exit-codes.ts";

/** Flags of `why`. */
export interface WhyFlags extends PlanFlags {
  /** A package, the id of a plugin, or a task type. */
  readonly subject: string;
}

/** Tells how a decision came about. Runs no plugin code. */
export async function why(flags: WhyFlags, { out, err }: Terminal): Promise<number> {
  const plan = completePlan((await loadPlan(flags)).plan);
  const explanation = explain(plan, flags.subject);
  if (explanation.kind === "unknown") {
    const listAll = packageCommands(plan.appRoot).run("list --all");
    err.line(`${unknownSubject(flags.subject, explanation)}\n${listAll} shows everything that is installed`);
    return exitCodes.failed;
  }
  if (explanation.kind === "package") {
    for (const entry of explanation.entries) printEntry(out, entry);
    return exitCodes.ok;
  }
  for (const { key, owner, claimants, conflict } of explanation.categories) {
    out.line(`${out.paint("bold", key)} ${ownership(owner, conflict !== undefined)}`);
    for (const entry of claimants) printEntry(out, entry);
    if (conflict !== undefined) printConflict(out, key, plan, claimants);
  }
  return exitCodes.ok;
}

function unknownSubject(subject: string, { nearest }: Extract<Explanation, { kind: "unknown" }>): string {
  const hint = nearest === undefined ? "" : `; did you mean "${nearest}"?`;
  return `no package that can be seen from here declares a plugin or a task type "${subject}"${hint}`;
}

function ownership(owner: string | undefined, isConflict: boolean): string {
  if (owner !== undefined) return `is served by the plugin "${owner}"`;
  return isConflict ? "is claimed by more than one plugin" : "is not served";
}

function printEntry(out: Printer, { candidate, manifest, verdict, trace }: PlanEntry): void {
  const name = `${candidate.packageName} ${candidate.packageVersion}`.trimEnd();
  out.line(`${out.paint("bold", name)} is ${verdict.kind}`);
  const refusal =
    verdict.kind === "accepted"
      ? []
      : [
          ["because", verdict.reason],
          ["to fix it", verdict.fix],
        ];
  const steps = trace.map(({ step, outcome }) => [step, outcome]);
  const lines = [...refusal, ["directory", candidate.directory], ...steps];
  const width = Math.max(...lines.map(([label = ""]) => label.length), "task type".length);
  for (const [label = "", text = ""] of lines) out.line(`  ${label.padEnd(width)}  ${oneLine(text)}`);
  for (const { category, mode, name: agent } of manifest?.agents ?? []) {
    out.line(
      `  ${"task type".padEnd(width)}  ${category.name}@${category.version} (${mode}), agent "${oneLine(agent)}"`,
    );
  }
}

function printConflict(out: Printer, key: string, { configFile }: Plan, claimants: readonly PlanEntry[]): void {
  out.line(`  to fix it, write one of these lines in ${configFile ?? "flyte-agent.config.yaml"}:`);
  for (const { manifest, verdict } of claimants) {
    if (manifest === undefined || verdict.kind !== "accepted") continue;
    out.line(`    plugins: { routes: { ${JSON.stringify(key)}: ${JSON.stringify(manifest.id)} } }`);
  }
}
