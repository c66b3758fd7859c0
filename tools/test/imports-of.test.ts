import { describe, expect, it } from "vitest";
import { importsOf } from "../layers/imports-of.ts";

const specifiersOf = (text: string): string[] => importsOf("a.ts", text).map(({ specifier }) => specifier);

describe("importsOf", () => {
  it.each([
    ["a statement", 'import { a } from "x";'],
    ["a side effect", 'import "x";'],
    ["a type", 'import type { A } from "x";'],
    ["an inline type modifier", 'import { type A } from "x";'],
    ["a re-export", 'export { a } from "x";'],
    ["a re-export of everything", 'export * from "x";'],
    ["a re-export of everything under a name", 'export * as a from "x";'],
    ["a re-export of a type", 'export type { A } from "x";'],
    ["a dynamic import", 'const a = await import("x");'],
    ["a type inside an expression", 'function f(a: Array<import("x").A>): void {}'],
    ["a typeof import", 'type A = typeof import("x");'],
  ])("finds %s", (_, text) => {
    expect(specifiersOf(text)).toEqual(["x"]);
  });

  it("ignores what is no import", () => {
    const text = 'export const a = 1; // import "x"\nconst b = `import "x"`; await import(b);';
    expect(specifiersOf(text)).toEqual([]);
  });

  it("counts lines from 1", () => {
    expect(importsOf("a.ts", '// first\nimport "x";\n\nimport "y";')).toEqual([
      { specifier: "x", line: 2 },
      { specifier: "y", line: 4 },
    ]);
  });

  it("says which file cannot be parsed", () => {
    expect(() => importsOf("a.ts", "import {")).toThrow("a.ts cannot be parsed");
  });
});
