import { realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { listPackages, nodeModulesChain } from "./node-modules.ts";
import { pnpLocations } from "./pnp-locations.ts";

/** A package on disk. */
export interface InstalledPackage {
  /** The name under which it is installed. */
  readonly name: string;
  /** Real path, or the path itself if it leads nowhere. */
  readonly directory: string;
}

/** Finds installed packages from the app root. */
export interface PackageLocator {
  /** The package that `import` of this name in the app root would find, or `undefined`. */
  locate(packageName: string): InstalledPackage | undefined;
  /** Every package that can be seen from the app root: nearest directory first, then in code-unit order. */
  all(): readonly InstalledPackage[];
}

/**
 * Makes the locator of an app root. Packages are probed by path, never resolved: `exports` of a package may hide its
 * `package.json`.
 *
 * @throws AgentError `invalid_config` if the project uses Yarn Plug'n'Play and Node was started without it.
 */
export function packageLocator(appRoot: string): PackageLocator {
  const pnp = pnpLocations(appRoot);
  if (pnp !== undefined) return pnp;
  const chain = nodeModulesChain(appRoot);
  return {
    locate: (name) => {
      const directory = chain.map((nodeModules) => join(nodeModules, name)).find(isDirectory);
      return directory === undefined ? undefined : { name, directory: realpathSync(directory) };
    },
    all: () => chain.flatMap((nodeModules) => listPackages(nodeModules)),
  };
}

function isDirectory(path: string): boolean {
  try {
    const stats: Stats | undefined = statSync(path, { throwIfNoEntry: false });
    return stats?.isDirectory() ?? false;
  } catch {
    // No permission, or a circle of links: not a package that can be used, and `why` says that it was not found.
    return false;
  }
}
