import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { readTable } from "../src/harness/case-table.ts";

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), "utf8");

test("every case that docs/flyte-contract.md names is in the table", () => {
  const cases = readTable(read("../README.md")).map(({ suite, name }) => `${suite}/${name}`);
  const suites = [...new Set(cases.map((name) => name.slice(0, name.indexOf("/") + 1)))];
  const named = [...read("../../docs/flyte-contract.md").matchAll(/`([^`\n]+)`/g)]
    .map(([, text = ""]) => text)
    .filter((text) => suites.some((suite) => text.startsWith(suite)));
  const isThere = (text: string): boolean =>
    text.endsWith("…") ? cases.some((name) => name.startsWith(text.slice(0, -1))) : cases.includes(text);

  expect(named.length).toBeGreaterThan(40);
  expect(named.filter((text) => !isThere(text))).toEqual([]);
});
