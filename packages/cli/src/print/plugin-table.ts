import type { PluginRow } from "../plan/plugin-row.ts";
import { table } from "./table.ts";
import { oneLine, type Printer, type Style } from "./terminal.ts";

const styles: Readonly<Record<string, Style>> = {
  accepted: "green",
  ready: "green",
  importing: "yellow",
  waiting: "yellow",
  rejected: "red",
  quarantined: "red",
};

/** Prints plugins as a table, and under it why each of those is not served that has something to say. */
export function printPlugins(printer: Printer, rows: readonly PluginRow[]): void {
  const cells = rows.map((row) => [
    row.package,
    row.version,
    printer.paint(styles[row.state] ?? "dim", row.state),
    row.taskTypes.map(({ name, version, mode }) => `${name}@${version} (${mode})`).join(", "),
    row.source ?? "",
  ]);
  const hasSource = rows.some(({ source }) => source !== undefined);
  const header = ["PLUGIN", "VERSION", "STATE", "TASK TYPES", ...(hasSource ? ["SOURCE"] : [])];
  printer.line(table(printer, header, cells));
  printRefusals(printer, rows);
}

/** Prints, for each plugin that is not served, why and how to fix it. */
export function printRefusals(printer: Printer, rows: readonly PluginRow[]): void {
  for (const { package: name, reason, fix, state } of rows) {
    if (reason === "") continue;
    printer.line(`\n${printer.paint("bold", name)} is ${state}: ${oneLine(reason)}`);
    if (fix !== "") printer.line(`  to fix it: ${oneLine(fix)}`);
  }
}
