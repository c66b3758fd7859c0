import { stripVTControlCharacters } from "node:util";
import type { Printer } from "./terminal.ts";

const gap = 2;

/**
 * Lays out rows in columns, two spaces apart, under a header. Cells may be coloured. On a terminal that is too narrow the
 * widest column is broken between words, as far as that helps.
 */
export function table(printer: Printer, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const natural = header.map((title, column) => Math.max(title.length, ...rows.map((row) => widthOf(row[column]))));
  const widths = printer.isTerminal ? narrowed(natural, header, rows, printer.columns) : natural;
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell))))
      .join(" ".repeat(gap))
      .trimEnd();
  return [printer.paint("dim", line(header)), ...rows.flatMap((row) => broken(row, widths).map(line))].join("\n");
}

function narrowed(
  natural: readonly number[],
  header: readonly string[],
  rows: readonly (readonly string[])[],
  columns: number,
): readonly number[] {
  const least = header.map((title, column) =>
    Math.max(title.length, ...rows.flatMap((row) => wordsOf(row[column] ?? "").map(widthOf))),
  );
  const widths = [...natural];
  for (;;) {
    const excess = widths.reduce((sum, width) => sum + width + gap, -gap) - columns;
    const room = widths.map((width, column) => width - (least[column] ?? width));
    const widest = room.indexOf(Math.max(...room));
    if (excess <= 0 || (room[widest] ?? 0) <= 0) return widths;
    widths[widest] = (widths[widest] ?? 0) - Math.min(excess, room[widest] ?? 0);
  }
}

/** The lines of a row whose cells are broken between words. */
function broken(row: readonly string[], widths: readonly number[]): readonly (readonly string[])[] {
  const cells = row.map((cell, column) => linesOf(cell, widths[column] ?? 0));
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => cells.map((lines) => lines[index] ?? ""));
}

function linesOf(cell: string, width: number): readonly string[] {
  if (widthOf(cell) <= width) return [cell];
  const lines: string[] = [];
  for (const word of wordsOf(cell)) {
    const last = lines.at(-1);
    if (last !== undefined && widthOf(last) + 1 + widthOf(word) <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

// What is coloured is one word, with its colours around it.
function wordsOf(cell: string): readonly string[] {
  return cell.split(" ");
}

function widthOf(cell: string | undefined): number {
  return stripVTControlCharacters(cell ?? "").length;
}
