import { expect, it } from "vitest";
import { folderArrows, folderErrors } from "../layers/folder-arrows.ts";

const files = [
  { path: "packages/sdk/src/index.ts", text: 'export * from "./values/a.ts"; export * from "./text/b.ts";' },
  { path: "packages/sdk/src/values/a.ts", text: 'import "../text/b.ts"; import "./own.ts"; import "node:fs";' },
  { path: "packages/sdk/src/values/own.ts", text: 'import type { B } from "../text/b.ts";' },
  { path: "packages/sdk/src/text/b.ts", text: '\nimport "../values/own.ts";' },
  { path: "packages/sdk/src/text/c.ts", text: 'import "../task.ts";' },
  { path: "packages/other/src/text/d.ts", text: 'import "../values/e.ts";' },
];

it("lists the arrows between the folders of one package; its entries do not count", () => {
  const arrows = folderArrows("packages/sdk/src", files);
  expect(arrows.map(({ from, to, imports }) => [from, to, imports.length])).toEqual([
    ["text", ".", 1],
    ["text", "values", 1],
    ["values", "text", 2],
  ]);
});

it("names two folders that import each other, and the imports that go the rarer way", () => {
  expect(folderErrors("packages/sdk/src", files)).toEqual([
    "packages/sdk/src: text and values import each other: packages/sdk/src/text/b.ts:2 imports ../values/own.ts",
  ]);
  expect(folderErrors("packages/other/src", files)).toEqual([]);
});
