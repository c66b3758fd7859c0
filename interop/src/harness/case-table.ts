import type { TableRow } from "./run-suites.ts";
import type { CaseResult, Generation } from "./suite.ts";

const header = ["case", "generation", "peer", "result", "reason"] as const;

/**
 * Rows as a Markdown table, its columns aligned so that it can be read on a terminal too: all but the reasons, of which one
 * would make all lines as long.
 */
export function formatTable(rows: readonly TableRow[]): string {
  const cells = [header, header.map(() => "---"), ...rows.map(cellsOf)];
  const widths = header.map((name, column) =>
    name === "reason" ? name.length : Math.max(...cells.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (cell === "---" ? "-".repeat(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0))).join(" | ")} |`;
  return cells.map(line).join("\n");
}

/** Reads the rows of {@link formatTable} out of a Markdown page. */
export function readTable(page: string): readonly TableRow[] {
  return tableLines(page).slice(2).map(rowOf);
}

/** Puts a table in the place of the one in a Markdown page. */
export function replaceTable(page: string, rows: readonly TableRow[]): string {
  const old = tableLines(page);
  if (old.length === 0) throw new Error(`the page has no table that begins with | ${header.join(" | ")} |`);
  return page.replace(old.join("\n"), () => formatTable(rows));
}

function tableLines(page: string): readonly string[] {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => cellsIn(line).join() === header.join());
  if (start < 0) return [];
  const rest = lines.slice(start);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return end < 0 ? rest : rest.slice(0, end);
}

function cellsOf({ suite, name, generation, peer, result }: TableRow): readonly string[] {
  const reason = result.kind === "passed" ? "" : result.reason;
  return [`${suite}/${name}`, generation, peer, result.kind, reason].map(escaped);
}

function escaped(text: string): string {
  // A reason may be a program's whole output: its first line says enough here, the rest is in the evidence.
  return (text.split("\n", 1)[0] ?? "").replaceAll("\\", "\\\\").replaceAll("|", "\\|").trim();
}

function cellsIn(line: string): readonly string[] {
  const cells = line.match(/(?:\\.|[^|\\])+/g) ?? [];
  return cells.map((cell) => cell.trim().replaceAll(/\\(.)/g, "$1"));
}

function rowOf(line: string): TableRow {
  // An empty cell still has a space, so each line of five columns has five cells.
  const [path = "", generation = "", peer = "", kind = "", reason = ""] = cellsIn(line);
  const slash = path.indexOf("/");
  if (slash < 0) throw new Error(`a row of the table has no case: ${line}`);
  return {
    suite: path.slice(0, slash),
    name: path.slice(slash + 1),
    generation: generationOf(generation),
    peer,
    result: resultOf(kind, reason),
  };
}

function generationOf(text: string): Generation {
  switch (text) {
    case "1":
    case "2":
    case "1 and 2":
    case "-":
      return text;
    default:
      throw new Error(`the table has the generation "${text}": expected 1, 2, 1 and 2 or -`);
  }
}

function resultOf(kind: string, reason: string): CaseResult {
  switch (kind) {
    case "passed":
      return { kind };
    case "differs":
    case "failed":
    case "not run":
      return { kind, reason };
    default:
      throw new Error(`the table has the result "${kind}": expected passed, differs, failed or not run`);
  }
}
