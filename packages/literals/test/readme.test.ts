import { readFileSync } from "node:fs";
import * as literals from "@flyte-agent/literals";
import { expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the example prints what its comment says", async () => {
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const printed: unknown[] = [];
  const body = code.replace(/^import (\{.*\}) from .*$/m, "const $1 = literals;");
  new Function("literals", "console", body)(literals, { log: (...values: unknown[]) => printed.push(...values) });
  expect(printed).toEqual([[1, 2.5], null]);
});

it("the table names every function that is exported, and no other", () => {
  const table = readme.slice(readme.indexOf("| export | does |"), readme.indexOf("## Why readers by hand"));
  const named = [...table.matchAll(/`(\w+)(?:\([^`]*\))?`/g)].map(([, name]) => name);
  expect(Object.keys(literals).filter((name) => !named.includes(name))).toEqual([]);
});
