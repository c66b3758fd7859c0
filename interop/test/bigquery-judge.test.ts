import { expect, test } from "vitest";
import { differencesBetween } from "../src/bigquery/facts.ts";
import { createJudge } from "../src/bigquery/judge-differences.ts";

const known = [
  {
    name: "labels",
    reason: "Ours has some.",
    facts: [{ cases: /^query\//, fact: /^sent labels$/, theirs: /^none$/, ours: /^some$/ }],
  },
];

test("a case passes without differences", () => {
  expect(createJudge(known).judge("query/a", [])).toEqual({ kind: "passed" });
});

test("a known difference is told by its name", () => {
  const judge = createJudge(known);
  const difference = { fact: "sent labels", theirs: "none", ours: "some" };
  expect(judge.judge("query/a", [difference, difference])).toEqual({
    kind: "differs",
    reason: "src/bigquery/differences.ts: labels",
  });
  expect(judge.unused()).toEqual([]);
});

test.each([
  ["another case", "state/a", { fact: "sent labels", theirs: "none", ours: "some" }],
  ["another fact", "query/a", { fact: "sent location", theirs: "none", ours: "some" }],
  ["another answer of theirs", "query/a", { fact: "sent labels", theirs: "many", ours: "some" }],
  ["another answer of ours", "query/a", { fact: "sent labels", theirs: "none", ours: "many" }],
])("%s fails, and the known difference counts as gone", (_what, testCase, difference) => {
  const judge = createJudge(known);
  expect(judge.judge(testCase, [difference])).toEqual({
    kind: "failed",
    reason: `${difference.fact}: theirs ${difference.theirs}, ours ${difference.ours}`,
  });
  expect(judge.unused()).toEqual(["labels, /^sent labels$/ in /^query\\//"]);
});

test("what ours says after an error of theirs is one difference with it", () => {
  const theirs = { create: "Internal: KeyError" };
  const ours = { create: "OK", job: "{}", "poll 1": "FAILED", "poll 1 message": "Syntax error" };
  expect(differencesBetween(theirs, ours)).toEqual([
    { fact: "create", theirs: "Internal: KeyError", ours: "OK, then FAILED: Syntax error" },
  ]);
  expect(differencesBetween({ create: "OK", "poll 1": "Internal: TypeError" }, ours)).toEqual([
    { fact: "poll 1", theirs: "Internal: TypeError", ours: "FAILED: Syntax error" },
    { fact: "job", theirs: "-", ours: "{}" },
  ]);
});

test("an error of ours is never hidden", () => {
  const ours = { create: "OK", "poll 1": "Internal: plugin_failed" };
  expect(differencesBetween({ create: "OK", "poll 1": "SUCCEEDED" }, ours)).toEqual([
    { fact: "poll 1", theirs: "SUCCEEDED", ours: "Internal: plugin_failed" },
  ]);
  expect(differencesBetween({ create: "Internal: KeyError" }, { create: "Internal: plugin_failed" })).toHaveLength(1);
});
