import { formatTable } from "./case-table.ts";
import type { RunResult, TableRow } from "./run-suites.ts";

/** What {@link runSummary} tells beside the result. */
export interface SummaryContext {
  /** Of the committed table, see `tableChanges`. */
  readonly changes: readonly string[];
  readonly evidenceFolder: string;
  readonly isCi: boolean;
}

/**
 * What a run prints at its end: the table, the counts, and as the very last lines each case that failed or did not run, since
 * many a log keeps its end only.
 */
export function runSummary(
  { rows, leftOut }: Pick<RunResult, "rows" | "leftOut">,
  { changes, evidenceFolder, isCi }: SummaryContext,
): string {
  const failed = rows.filter(({ result }) => result.kind === "failed");
  const notRun = rows.filter(({ result }) => result.kind === "not run");
  return [
    "",
    formatTable(rows),
    "",
    `${rows.length} cases: ${failed.length} failed, ${notRun.length} not run; evidence in ${evidenceFolder}`,
    ...leftOut.map((suite) => `left out: ${suite}, which is slow to build; INTEROP_ALL=1 runs it`),
    ...(changes.length === 0
      ? []
      : [
          "",
          "The table in interop/README.md says otherwise; if that is right, accept it with --write-table:",
          ...changes,
        ]),
    ...(isCi && notRun.length > 0 ? ["In CI every case has to run."] : []),
    ...(failed.length + notRun.length === 0 ? [] : ["", ...problemLines([...notRun, ...failed])]),
  ].join("\n");
}

const longestReason = 300;

// One line for all cases of a suite that have the same reason.
function problemLines(rows: readonly TableRow[]): readonly string[] {
  const groups = new Map<string, TableRow[]>();
  for (const row of rows) {
    const key = JSON.stringify([row.suite, row.result]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [problemLine(first, others)],
  );
}

function problemLine({ suite, name, result }: TableRow, others: readonly TableRow[]): string {
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  const reason = result.kind === "passed" ? "" : result.reason.trim().replaceAll(/\s+/g, " ");
  const short = reason.length > longestReason ? `${reason.slice(0, longestReason)}…` : reason;
  return `${result.kind.padEnd(7)} ${suite}/${name}${more}: ${short}`;
}
