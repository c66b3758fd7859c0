import { readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import type { InstalledPackage } from "./package-locator.ts";

/** The `node_modules` directories that Node looks into from a directory, nearest first; they need not exist. */
export function nodeModulesChain(from: string): readonly string[] {
  const chain: string[] = [];
  for (let directory = from; ; directory = dirname(directory)) {
    if (basename(directory) !== "node_modules") chain.push(join(directory, "node_modules"));
    if (directory === dirname(directory)) return chain;
  }
}

/**
 * Lists the packages directly in a `node_modules` directory and in the scopes there, in code-unit order. Entries that
 * start with a dot are no packages. Nothing is opened: what an entry is, its `package.json` decides.
 *
 * @returns nothing if there is no such directory.
 */
export function listPackages(nodeModules: string): readonly InstalledPackage[] {
  return entriesOf(nodeModules)
    .flatMap((name) =>
      name.startsWith("@") ? entriesOf(join(nodeModules, name)).map((inner) => `${name}/${inner}`) : [name],
    )
    .sort(compareCodeUnits)
    .map((name) => ({ name, directory: realPathOf(join(nodeModules, name)) }));
}

function entriesOf(directory: string): readonly string[] {
  try {
    // pnpm's entries are symbolic links, for which `isDirectory()` is false.
    return readdirSync(directory, { withFileTypes: true })
      .filter((entry) => !entry.name.startsWith(".") && (entry.isDirectory() || entry.isSymbolicLink()))
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
