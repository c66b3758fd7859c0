import { createPackageLocator } from "../discovery/create-package-locator.ts";
import { canBePlugin } from "../discovery/find-candidates.ts";
import { type PackageCommands, packageCommands } from "../discovery/package-commands.ts";
import type { InstalledPackage } from "../discovery/package-locator.ts";
import { readAppRoot } from "../discovery/read-app-root.ts";
import { manifestKey, readManifest } from "../discovery/read-manifest.ts";
import { readPackageFile } from "../discovery/read-package-file.ts";
import { pluginIdOf } from "./decide-candidate.ts";
import { pathFrom } from "./path-from.ts";
import type { Plan, PlanEntry } from "./plan.ts";
import { devDependency, notADependency, shadowed } from "./verdicts.ts";

/**
 * Adds to a plan the plugins that can be seen from the app root and are not activated, each with the line that would
 * activate it. Reads one file of every installed package, so it is for reports, not for the way to listening. Nothing
 * that the plan decided changes.
 *
 * @throws AgentError `invalid_config` as `createPlan` does.
 */
export function completePlan(plan: Plan): Plan {
  return { ...plan, entries: [...plan.entries, ...inactiveEntries(plan)] };
}

/** The plugins that can be seen from the app root and that a plan has not decided on, since nobody asked for them. */
export function inactiveEntries(plan: Pick<Plan, "appRoot" | "discovery" | "entries">): readonly PlanEntry[] {
  if (plan.discovery === "scan") return [];
  const dev = readAppRoot(plan.appRoot)?.dev ?? [];
  const known = new Set(plan.entries.map(({ candidate }) => candidate.directory));
  const used = new Map(plan.entries.map(({ candidate }) => [candidate.packageName, candidate.directory]));
  const commands = packageCommands(plan.appRoot);
  const inactive: PlanEntry[] = [];
  for (const installed of createPackageLocator(plan.appRoot).all()) {
    if (!canBePlugin(installed.name) || known.has(installed.directory)) continue;
    const entry = inactiveEntry(installed, { appRoot: plan.appRoot, commands, used, dev });
    if (entry === undefined) continue;
    known.add(installed.directory);
    used.set(installed.name, used.get(installed.name) ?? installed.directory);
    inactive.push(entry);
  }
  return inactive;
}

function inactiveEntry(
  { name, directory }: InstalledPackage,
  {
    appRoot,
    commands,
    used,
    dev,
  }: {
    readonly appRoot: string;
    readonly commands: PackageCommands;
    readonly used: ReadonlyMap<string, string>;
    readonly dev: readonly string[];
  },
): PlanEntry | undefined {
  const packageFile = readPackageFile(directory, `"${manifestKey}"`);
  if (packageFile.kind !== "read") return undefined;
  const { content } = packageFile;
  const ownName = typeof content.name === "string" ? content.name : name;
  const reading = readManifest(content, ownName);
  if (reading.kind === "none") return undefined;
  const nearer = used.get(name);
  const verdict =
    nearer !== undefined
      ? shadowed(pathFrom(appRoot, nearer))
      : dev.includes(name)
        ? devDependency(name, commands)
        : notADependency(name, commands);
  return {
    candidate: {
      packageName: name,
      pluginId: pluginIdOf(reading, ownName),
      packageVersion: typeof content.version === "string" ? content.version : "",
      directory,
      source: "scan",
    },
    manifest: reading.kind === "manifest" ? reading.manifest : undefined,
    entryFile: undefined,
    verdict,
    trace: [
      { step: "found", outcome: `seen by the scan, in ${pathFrom(appRoot, directory)}` },
      { step: "activation", outcome: verdict.reason },
    ],
  };
}
