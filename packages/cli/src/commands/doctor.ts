import { diagnose } from "../doctor/diagnose.ts";
import { flyteConfigurations } from "../doctor/flyte-configurations.ts";
import type { PlanFlags } from "../plan/load-plan.ts";
import { printPlugins } from "../print/plugin-table.ts";
import type { Terminal } from "../print/terminal.ts";
import { exitCodes } from "../process/exit-codes.ts";

/** Looks for problems and says how to mend each; then prints what Flyte needs to find this server. */
export async function doctor(flags: PlanFlags, { out }: Terminal): Promise<number> {
  const { facts, rows, problems, notes, served } = await diagnose(flags);
  const width = Math.max(...facts.map(([name]) => name.length));
  for (const [name, value] of facts) out.line(`${out.paint("dim", name.padEnd(width))}  ${value}`);
  if (rows.length > 0) {
    out.line();
    printPlugins(
      out,
      // What is said of these is said below, as problems and notes.
      rows.map((row) => ({ ...row, reason: "" })),
    );
  }
  if (served !== undefined && served.taskTypes.length > 0) {
    for (const { title, yaml } of flyteConfigurations(served))
      out.line(`\n${out.paint("bold", title)}\n\n${yaml.trimEnd()}`);
  }
  for (const { text, fix } of notes) {
    out.line(`\n${out.paint("yellow", "note:")} ${text}`);
    if (fix !== "") out.line(`  ${fix}`);
  }
  for (const { text, fix } of problems) {
    out.line(`\n${out.paint("red", "problem:")} ${text}`);
    if (fix !== "") out.line(`  to mend it: ${fix}`);
  }
  const count = problems.length;
  if (count === 0) out.line(`\n${out.paint("green", "no problems found")}`);
  else out.line(`\n${out.paint("red", count === 1 ? "1 problem found" : `${count} problems found`)}`);
  return count === 0 ? exitCodes.ok : exitCodes.failed;
}
