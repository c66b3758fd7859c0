import { posix } from "node:path";
import { importsOf } from "./imports-of.ts";
import type { SourceFile } from "./layer-errors.ts";

/** Imports from the files of one folder to those of another one in the `src` of a package. */
export interface FolderArrow {
  /** Folders below `src`; `.` is `src` itself. */
  readonly from: string;
  readonly to: string;
  /** Each import: `file:line imports specifier`. */
  readonly imports: readonly string[];
}

/** Who may import everything of its package, and whom nobody of it imports: what `exports` and `bin` lead to. */
const entries = /^(index|host|internal|main)\.ts$/;

/**
 * The arrows between the folders of one `src`, in the order of their names.
 *
 * @param src folder from the root: `packages/sdk/src`.
 */
export function folderArrows(src: string, files: readonly SourceFile[]): FolderArrow[] {
  const arrows = new Map<string, { from: string; to: string; imports: string[] }>();
  for (const { path, text } of files) {
    if (!path.startsWith(`${src}/`) || entries.test(path.slice(src.length + 1))) continue;
    const from = posix.dirname(posix.relative(src, path));
    for (const { specifier, line } of importsOf(path, text)) {
      if (!specifier.startsWith(".")) continue;
      const to = posix.dirname(posix.relative(src, posix.join(posix.dirname(path), specifier)));
      if (to === from || to.startsWith("..")) continue;
      const arrow = arrows.get(`${from} ${to}`) ?? { from, to, imports: [] };
      arrow.imports.push(`${path}:${line} imports ${specifier}`);
      arrows.set(`${from} ${to}`, arrow);
    }
  }
  return [...arrows.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}

/** One line for each pair of folders that import each other, with the imports that go the rarer way. */
export function folderErrors(src: string, files: readonly SourceFile[]): string[] {
  const arrows = folderArrows(src, files);
  return arrows.flatMap((arrow) => {
    const back = arrows.find(({ from, to }) => from === arrow.to && to === arrow.from);
    if (back === undefined || arrow.from > back.from) return [];
    const [rarer] = [arrow, back].sort((a, b) => a.imports.length - b.imports.length);
    return [`${src}: ${arrow.from} and ${arrow.to} import each other: ${rarer?.imports.join("; ")}`];
  });
}
