import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatTable, readTable, replaceTable } from "../src/harness/case-table.ts";
import type { TableRow } from "../src/harness/run-suites.ts";
import { tableChanges, updatedTable } from "../src/harness/table-changes.ts";
import { toJunit } from "../src/harness/to-junit.ts";
import { suites } from "../src/suites.ts";

const passed: TableRow = {
  suite: "one",
  name: "a",
  generation: "1",
  peer: "grpcurl 1.9.4",
  result: { kind: "passed" },
};
const differs: TableRow = {
  suite: "one",
  name: "b|c \\ d/e",
  generation: "1 and 2",
  peer: "-",
  result: { kind: "differs", reason: "see <differences.ts> & more" },
};
const failed: TableRow = {
  suite: "two",
  name: "f",
  generation: "-",
  peer: "x",
  result: { kind: "failed", reason: 'got "1"\nexpected 2' },
};
const page = (rows: readonly TableRow[]): string => `# Title\n\n${formatTable(rows)}\n\n| other |\n| ----- |\n`;

test("a table reads back as it was written", () => {
  expect(readTable(page([passed, differs]))).toEqual([passed, differs]);
  expect(readTable(page([]))).toEqual([]);
  expect(readTable("# Title\n")).toEqual([]);
  expect(formatTable([passed]).split("\n")).toEqual([
    "| case  | generation | peer          | result | reason |",
    "| ----- | ---------- | ------------- | ------ | ------ |",
    "| one/a | 1          | grpcurl 1.9.4 | passed |        |",
  ]);
});

test("of a long reason the first line is shown", () => {
  expect(formatTable([failed])).toContain('| got "1" |');
});

test("a table with a slip in it is refused", () => {
  expect(() => readTable(page([passed]).replace("passed", "pasted"))).toThrow(/"pasted": expected passed/);
  expect(() => readTable(page([passed]).replace("| 1 ", "| 3 "))).toThrow(/generation "3"/);
  expect(() => readTable(page([passed]).replace("one/a", "one a"))).toThrow(/no case/);
});

test("the table of a page is replaced, and only that", () => {
  expect(replaceTable(page([passed]), [differs])).toBe(page([differs]));
  expect(() => replaceTable("# Title\n", [])).toThrow(/no table/);
});

test("rows that ran replace theirs; gone cases go only after a whole run; failed and absent ones change nothing", () => {
  const known = [passed, differs];
  const newPeer: TableRow = { ...passed, peer: "grpcurl 1.9.5" };
  const result = { rows: [newPeer, failed], completed: ["one", "two"], leftOut: [] };
  const order = ["one", "two"];
  expect(updatedTable(known, result, false, order)).toEqual([newPeer, differs]);
  const whole = updatedTable(known, result, true, order);
  expect(whole).toEqual([newPeer]);
  expect(tableChanges(known, whole)).toEqual([
    "- | one/a | 1 | grpcurl 1.9.4 | passed | |",
    "- | one/b\\|c \\\\ d/e | 1 and 2 | - | differs | see <differences.ts> & more |",
    "+ | one/a | 1 | grpcurl 1.9.5 | passed | |",
  ]);
  expect(tableChanges(known, known)).toEqual([]);
});

test("JUnit's XML counts and escapes", () => {
  const xml = toJunit([
    passed,
    differs,
    failed,
    { ...failed, name: "g", result: { kind: "not run", reason: "no \u001b[31mgo" } },
  ]);
  expect(xml).toContain('<testsuite name="one" tests="2" failures="0" skipped="0">');
  expect(xml).toContain('<testsuite name="two" tests="2" failures="1" skipped="1">');
  expect(xml).toContain("see &lt;differences.ts&gt; &amp; more");
  expect(xml).toContain("<failure>got &quot;1&quot;\nexpected 2</failure>");
  expect(xml).toContain('<skipped message="no \ufffd[31mgo"/>');
});

test("the committed table has cases of known suites only, and none that fail", () => {
  const rows = readTable(readFileSync(new URL("../README.md", import.meta.url), "utf8"));
  const names = suites.map(({ name }) => name);
  expect(rows.filter(({ suite }) => !names.includes(suite))).toEqual([]);
  expect(rows.filter(({ result }) => result.kind === "failed" || result.kind === "not run")).toEqual([]);
});
