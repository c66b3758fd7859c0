import { expect, test } from "vitest";
import type { TableRow } from "../src/harness/run-suites.ts";
import { runSummary } from "../src/harness/run-summary.ts";

const row = (suite: string, name: string, result: TableRow["result"]): TableRow => ({
  suite,
  name,
  generation: "1",
  peer: "peer 1",
  result,
});

const context = { changes: [], evidenceFolder: "/evidence", isCi: false };

test("a run that went well ends with the counts, and no line is longer than what it says", () => {
  const rows = [
    row("one", "a", { kind: "passed" }),
    row("one", "b", { kind: "differs", reason: "x".repeat(500) }),
    row("one", "c", { kind: "passed" }),
  ];
  const lines = runSummary({ rows, leftOut: ["slow"] }, context).split("\n");
  expect(lines.filter((line) => line.length > 100)).toHaveLength(1);
  expect(lines.slice(-2)).toEqual([
    "3 cases: 0 failed, 0 not run; evidence in /evidence",
    "left out: slow, which is slow to build; INTEROP_ALL=1 runs it",
  ]);
});

test("the last lines are the cases that did not run or failed, short and with their reasons", () => {
  const rows = [
    row("one", "a", { kind: "failed", reason: "got 1,\n  expected 2\n" }),
    row("one", "b", { kind: "passed" }),
    row("one", "c", { kind: "failed", reason: `${"x".repeat(300)}y` }),
    ...["d", "e", "f"].map((name) => row("two", name, { kind: "not run", reason: "there is no go" })),
  ];
  const lines = runSummary({ rows, leftOut: [] }, { ...context, changes: ["+ | one/g |"], isCi: true }).split("\n");
  expect(lines.slice(-9)).toEqual([
    "6 cases: 2 failed, 3 not run; evidence in /evidence",
    "",
    "The table in interop/README.md says otherwise; if that is right, accept it with --write-table:",
    "+ | one/g |",
    "In CI every case has to run.",
    "",
    "not run two/d and 2 more: there is no go",
    "failed  one/a: got 1, expected 2",
    `failed  one/c: ${"x".repeat(300)}…`,
  ]);
});
