import { describeType, isLiteralError, readLiteralMap, types, writeLiteralMap } from "@flyte-agent/literals";
import { expect, it } from "vitest";

function refusalOf(convert: () => unknown): unknown {
  try {
    convert();
  } catch (reason) {
    if (isLiteralError(reason)) return { direction: reason.direction, path: reason.path, problem: reason.problem };
    throw reason;
  }
  return undefined;
}

it("says direction, path and problem apart", () => {
  const declared = new Map([["rows", types.list(types.map(types.float))]]);
  expect(refusalOf(() => writeLiteralMap({ rows: [{ a: 1 }, { b: "n/a" }] }, declared))).toEqual({
    direction: "output",
    path: 'output "rows"[1].b',
    problem: 'expected FLOAT, got string "n/a"',
  });
  const bytes = writeLiteralMap({ rows: [] }, undefined);
  expect(refusalOf(() => readLiteralMap(bytes, new Map()))).toEqual({
    direction: "input",
    path: 'input "rows"',
    problem: "the task does not declare it, it declares none",
  });
});

it.each([
  [types.integer, "INTEGER"],
  [types.list(types.union(types.duration, types.none)), "list of (DURATION | NONE)"],
  [types.map(types.datetime), "map of DATETIME"],
  [types.enum("a", "b"), 'one of "a", "b"'],
  [types.file("csv"), "file"],
  [types.directory(), "directory"],
  [types.structuredDataset(), "structured dataset"],
  [types.struct, "STRUCT"],
])("types in words", (type, words) => {
  expect(describeType(type)).toBe(words);
});

it("values go there and back by types made in words", () => {
  const declared = new Map([
    ["whole", types.float],
    ["big", types.integer],
    ["either", types.union(types.string, types.boolean)],
  ]);
  const values = { whole: 3, big: 2n ** 60n, either: true };
  expect({ ...readLiteralMap(writeLiteralMap(values, declared), declared) }).toEqual(values);
});
