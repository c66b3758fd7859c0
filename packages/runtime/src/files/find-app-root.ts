import { lstatSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The directory that decides which plugins are served. */
export interface AppRoot {
  /** Absolute path. */
  readonly directory: string;
  /** Whether it has a `package.json`, whose dependencies then name the plugins. */
  readonly hasPackageFile: boolean;
}

/**
 * Finds the app root: the nearest directory, from the given one upwards, with a `package.json`; if there is none, the
 * nearest with `node_modules` (an image into which only that was copied); else the given directory.
 */
export function findAppRoot(cwd: string): AppRoot {
  const start = resolve(cwd);
  const withPackageFile = nearestWith(start, "package.json");
  if (withPackageFile !== undefined) return { directory: withPackageFile, hasPackageFile: true };
  return { directory: nearestWith(start, "node_modules") ?? start, hasPackageFile: false };
}

function nearestWith(start: string, name: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    if (isThere(join(directory, name))) return directory;
    if (directory === dirname(directory)) return undefined;
  }
}

function isThere(path: string): boolean {
  try {
    // lstat: an entry that is there and cannot be read is an error later on, not a reason to look further up.
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A directory that may not be looked into; Node, which looks for packages on the same way, passes it over, too.
    return false;
  }
}
