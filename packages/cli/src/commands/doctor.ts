import { type Diagnosis, diagnose } from "../doctor/diagnose.ts";
import { type FlyteConfiguration, flyteConfigurations } from "../doctor/flyte-configurations.ts";
import type { PlanFlags } from "../plan/load-plan.ts";
import { printPlugins } from "../print/plugin-table.ts";
import type { Printer, Terminal } from "../print/terminal.ts";
import { exitCodes } from "../process/exit-codes.ts";
import { createRunLog } from "../run/run-log.ts";

/** Flags of `doctor`. */
export interface DoctorFlags extends PlanFlags {
  /** `false` for `--no-load` */
  readonly load: boolean;
  /** `--flyte` */
  readonly flyte: boolean;
  /** `--json` */
  readonly json: boolean;
}

/**
 * Looks for problems and says how to fix each. With `--flyte` it prints what Flyte needs to find this server instead,
 * and only problems beside it, on the other stream.
 */
export async function doctor(flags: DoctorFlags, { out, err }: Terminal): Promise<number> {
  const diagnosis = await diagnose(flags, { load: flags.load, log: createRunLog(undefined, err) });
  const { problems, served } = diagnosis;
  const flyte = served === undefined || served.taskTypes.length === 0 ? [] : flyteConfigurations(served);
  if (flags.json) printJson(out, diagnosis, flyte);
  else if (flags.flyte) {
    out.write(flyte.map(({ title, yaml }) => `# ${title}\n${yaml}`).join("---\n"));
    printFindings(err, diagnosis.problems, "problem");
  } else printDiagnosis(out, diagnosis);
  return problems.length === 0 ? exitCodes.ok : exitCodes.failed;
}

function printJson(out: Printer, diagnosis: Diagnosis, flyte: readonly FlyteConfiguration[]): void {
  const { facts, rows: plugins, problems, notes } = diagnosis;
  const content = { facts: Object.fromEntries(facts), plugins, problems, notes, flyte };
  out.line(JSON.stringify(content, undefined, 2));
}

function printDiagnosis(out: Printer, { facts, rows, problems, notes }: Diagnosis): void {
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
  printFindings(out, notes, "note");
  printFindings(out, problems, "problem");
  const count = problems.length;
  if (count === 0) out.line(`\n${out.paint("green", "no problems found")}`);
  else out.line(`\n${out.paint("red", count === 1 ? "1 problem found" : `${count} problems found`)}`);
}

function printFindings(printer: Printer, findings: Diagnosis["problems"], kind: "note" | "problem"): void {
  const isProblem = kind === "problem";
  for (const { text, fix } of findings) {
    printer.line(`\n${printer.paint(isProblem ? "red" : "yellow", `${kind}:`)} ${text}`);
    if (fix !== "") printer.line(`  ${isProblem ? "to fix it: " : ""}${fix}`);
  }
}
