import { realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { listPackages, nodeModulesChain } from "./node-modules.ts";
import type { PackageLocator } from "./package-locator.ts";
import { pnpLocations } from "./pnp-locations.ts";

/**
 * Makes the locator of an app root. Packages are probed by path, never resolved: `exports` of a package may hide its
 * `package.json`.
 *
 * @throws AgentError `invalid_config` if the project uses Yarn Plug'n'Play and Node was started without it.
 */
export function createPackageLocator(appRoot: string): PackageLocator {
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
