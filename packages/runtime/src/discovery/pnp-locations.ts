import { existsSync, readdirSync } from "node:fs";
import nodeModule from "node:module";
import { dirname, join, resolve } from "node:path";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { pnpNotActive } from "./discovery-errors.ts";
import type { InstalledPackage, PackageLocator } from "./package-locator.ts";

interface PnpLocator {
  readonly name: string | null;
  readonly reference: string | null;
}

type PnpDependencies = ReadonlyMap<string, string | readonly [string, string] | null>;

/** The functions of https://yarnpkg.com/advanced/pnpapi that are used. */
interface PnpApi {
  findPackageLocator(path: string): PnpLocator | null;
  getPackageInformation(locator: PnpLocator): {
    readonly packageLocation: string;
    readonly packageDependencies: PnpDependencies;
  } | null;
  getLocator(name: string, reference: string | readonly [string, string]): PnpLocator;
  resolveVirtual?(path: string): string | null;
  getAllLocators?(): readonly PnpLocator[];
}

/**
 * Gives access to Yarn Plug'n'Play.
 *
 * @returns `undefined` if the project at the app root does not use it.
 * @throws AgentError `invalid_config` if the project uses it and Node was started without it.
 */
export function pnpLocations(appRoot: string): PackageLocator | undefined {
  const api = process.versions.pnp === undefined ? undefined : findApi(appRoot);
  if (api === undefined) {
    const file = inactivePnpFile(appRoot);
    if (file !== undefined) throw pnpNotActive(file);
    return undefined;
  }
  const root = api.findPackageLocator(join(appRoot, "package.json"));
  const dependencies = root === null ? undefined : api.getPackageInformation(root)?.packageDependencies;
  return {
    locate: (packageName) => {
      const reference = dependencies?.get(packageName);
      if (reference === undefined || reference === null) return undefined;
      return installed(packageName, api.getPackageInformation(api.getLocator(packageName, reference))?.packageLocation);
    },
    all: () => everyPackage(api, dependencies),
  };
}

function everyPackage(api: PnpApi, dependencies: PnpDependencies | undefined): readonly InstalledPackage[] {
  // A package with peers is there once for itself and once, in a virtual place, for each set of peers. The one that
  // the app root gets stands for all.
  const byRealPlace = new Map<string, InstalledPackage>();
  const add = (locator: PnpLocator): void => {
    const location = api.getPackageInformation(locator)?.packageLocation;
    const found = locator.name === null ? undefined : installed(locator.name, location);
    if (location === undefined || found === undefined) return;
    const realPlace = resolve(api.resolveVirtual?.(location) ?? location);
    if (!byRealPlace.has(realPlace)) byRealPlace.set(realPlace, found);
  };
  for (const [name, reference] of dependencies ?? []) {
    if (reference !== null) add(api.getLocator(name, reference));
  }
  for (const locator of api.getAllLocators?.() ?? []) add(locator);
  return [...byRealPlace.values()].sort((left, right) => compareCodeUnits(left.name, right.name));
}

function installed(name: string, location: string | undefined): InstalledPackage | undefined {
  // Not the real path: a virtual one tells Plug'n'Play which peers the package gets.
  return location === undefined ? undefined : { name, directory: resolve(location) };
}

function findApi(appRoot: string): PnpApi | undefined {
  // Yarn adds this function to the default export of the module, where no types know it.
  const { findPnpApi } = nodeModule as unknown as { findPnpApi?: (path: string) => PnpApi | null };
  return findPnpApi?.(join(appRoot, "package.json")) ?? undefined;
}

/** A `.pnp.cjs` that is nearer than any `node_modules` with packages in it. */
function inactivePnpFile(appRoot: string): string | undefined {
  for (let directory = appRoot; ; directory = dirname(directory)) {
    if (hasPackages(join(directory, "node_modules"))) return undefined;
    const file = join(directory, ".pnp.cjs");
    if (existsSync(file)) return file;
    if (directory === dirname(directory)) return undefined;
  }
}

function hasPackages(nodeModules: string): boolean {
  try {
    return readdirSync(nodeModules).some((name) => !name.startsWith("."));
  } catch {
    return false;
  }
}
