import { realpathSync } from "node:fs";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { isPluginPath } from "../files/plugin-path.ts";
import type { PackageLocator } from "./package-locator.ts";
import type { AppRootDependencies } from "./read-app-root.ts";

/** A package that may be a plugin: somebody named it, or it was seen. */
export interface FoundPackage {
  /** As it is installed, or the path by which it was named. */
  readonly name: string;
  /** Real path; `undefined` if it was named and is not there. */
  readonly directory: string | undefined;
  readonly source: "config" | "modules-flag" | "dependency" | "scan";
}

/** Where {@link findCandidates} looks. */
export interface CandidateSearch {
  readonly locator: PackageLocator;
  /** Names and absolute paths in the configuration. */
  readonly list: readonly string[];
  /** Names and absolute paths behind `--modules`. */
  readonly modules: readonly string[];
  readonly dependencies: AppRootDependencies | undefined;
  /** Whether every package that can be seen counts. */
  readonly scan: boolean;
}

/**
 * Finds what may be a plugin, in the order in which plugins are loaded: those listed, as they are listed; then
 * dependencies and what the scan sees, in code-unit order. A package is named at most once per directory; one
 * that is there in several copies comes several times, the nearest first.
 */
export function findCandidates({
  locator,
  list,
  modules,
  dependencies,
  scan,
}: CandidateSearch): readonly FoundPackage[] {
  const named = (source: "config" | "modules-flag") => (name: string) => ({
    name,
    directory: isPluginPath(name) ? realPathOf(name) : locator.locate(name)?.directory,
    source,
  });
  const unnamed: FoundPackage[] = [];
  for (const name of dependencies?.required ?? []) {
    unnamed.push({ name, directory: locator.locate(name)?.directory, source: "dependency" });
  }
  for (const name of dependencies?.optional ?? []) {
    const directory = locator.locate(name)?.directory;
    if (directory !== undefined) unnamed.push({ name, directory, source: "dependency" });
  }
  if (scan) unnamed.push(...locator.all().map((installed) => ({ ...installed, source: "scan" as const })));
  const found = [
    ...list.map(named("config")),
    ...modules.map(named("modules-flag")),
    // The sort is stable, so that of several copies of a package the nearest stays first.
    ...unnamed.filter(({ name }) => canBePlugin(name)).sort((left, right) => compareCodeUnits(left.name, right.name)),
  ];
  const seen = new Set<string>();
  return found.filter(({ name, directory }) => {
    const key = directory ?? name;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The server's own packages declare no plugins. */
export function canBePlugin(packageName: string): boolean {
  return packageName !== "flyte-agent" && !packageName.startsWith("@flyte-agent/");
}

function realPathOf(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
