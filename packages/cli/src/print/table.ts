import { stripVTControlCharacters } from "node:util";
import type { Printer } from "./terminal.ts";

/** Lays out rows in columns, two spaces apart, under a header. Cells may be coloured. */
export function table(printer: Printer, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => widthOf(row[column]))));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join("  ")
      .trimEnd();
  return [printer.paint("dim", line(header)), ...rows.map(line)].join("\n");
}

function widthOf(cell: string | undefined): number {
  return stripVTControlCharacters(cell ?? "").length;
}
