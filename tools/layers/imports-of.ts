import { parseSync, Visitor } from "oxc-parser";

/** One edge of the import graph, as written. */
export interface Import {
  /** What is imported: `./x.ts`, `node:fs`, `@flyte-agent/sdk/host`. */
  readonly specifier: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

/**
 * What a TypeScript file imports: by statement, by re-export, by `import()`, and in types (`import type`, `import("x").T`).
 *
 * An `import()` of something computed is left out: nobody can know what it imports.
 */
export function importsOf(path: string, text: string): Import[] {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) {
    throw new Error(`${path} cannot be parsed: ${error.message}`);
  }
  const imports: Import[] = [];
  const add = (source: Node | null): void => {
    if (source?.type === "Literal" && typeof source.value === "string") {
      imports.push({ specifier: source.value, line: lineAt(text, source.start) });
    }
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(program);
  return imports;
}

/** As much of a syntax node as tells a string literal from the rest. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly value?: unknown;
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
