import { formatTable } from "./case-table.ts";
import type { RunResult, TableRow } from "./run-suites.ts";

/** The committed table after a run: rows that ran replace theirs, those of cases that are gone go, all others stay. */
export function updatedTable(
  known: readonly TableRow[],
  { rows, completed }: RunResult,
  isWhole: boolean,
  suiteOrder: readonly string[],
): readonly TableRow[] {
  const ran = rows.filter(({ result }) => result.kind === "passed" || result.kind === "differs");
  const isGone = (row: TableRow): boolean =>
    isWhole && completed.includes(row.suite) && !rows.some((other) => isSameCase(row, other));
  const kept = known.filter((row) => !isGone(row)).map((row) => ran.find((other) => isSameCase(row, other)) ?? row);
  const added = ran.filter((row) => !known.some((other) => isSameCase(row, other)));
  return suiteOrder.flatMap((suite) => [...kept, ...added].filter((row) => row.suite === suite));
}

/** What the committed table does not say, or says otherwise, one line each: `- old` and `+ new`. */
export function tableChanges(before: readonly TableRow[], after: readonly TableRow[]): readonly string[] {
  const old = before.map(asLine);
  const now = after.map(asLine);
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`),
  ];
}

function isSameCase(left: TableRow, right: TableRow): boolean {
  return left.suite === right.suite && left.name === right.name;
}

function asLine(row: TableRow): string {
  return formatTable([row]).split("\n")[2]?.replaceAll(/ +/g, " ") ?? "";
}
