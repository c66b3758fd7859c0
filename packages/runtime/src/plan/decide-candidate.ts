import { basename, join } from "node:path";
import type { FoundPackage } from "../discovery/find-candidates.ts";
import { defaultPluginId } from "../discovery/plugin-id.ts";
import { type ManifestResult, manifestKey, readManifest } from "../discovery/read-manifest.ts";
import { readPackageFile } from "../discovery/read-package-file.ts";
import { resolveEntry } from "../discovery/resolve-entry.ts";
import { isPluginPath } from "../files/plugin-path.ts";
import { checkCompatibility, type HostVersions, sdkWarnings } from "./check-compatibility.ts";
import { checkPolicy, type PluginPolicy } from "./check-policy.ts";
import { pathFrom } from "./path-from.ts";
import type { Candidate, PlanEntry, PlanStep, Verdict } from "./plan.ts";
import {
  entryNotFound,
  invalidManifest,
  noManifest,
  noPackageFile,
  packageFileUnreadable,
  packageNotFound,
  unknownManifestVersion,
} from "./verdicts.ts";

/** What a candidate is measured against. */
export interface DecisionContext extends HostVersions {
  readonly appRoot: string;
  readonly policy: PluginPolicy;
}

/** A decision, and what is worth a word about the package. */
export interface DecidedEntry {
  readonly entry: PlanEntry;
  readonly warnings: readonly string[];
}

/**
 * Decides on one package by itself: is it a plugin, is its manifest right, does the configuration want it, does it fit
 * this runtime, is its module there.
 *
 * @returns `undefined` for a package that is simply no plugin: it declares none, nobody listed it, and its name does
 * not look like one.
 */
export function decideCandidate(found: FoundPackage, context: DecisionContext): DecidedEntry | undefined {
  const { name, directory, source } = found;
  const trace: PlanStep[] = [{ step: "found", outcome: howFound(found, context.appRoot) }];
  const refuse = (candidate: Candidate, verdict: Verdict, manifest?: PlanEntry["manifest"]): DecidedEntry => ({
    entry: { candidate, manifest, entryFile: undefined, verdict, trace },
    warnings: [],
  });
  const shortName = isPluginPath(name) ? basename(name) : name;
  const byName = { packageName: shortName, pluginId: defaultPluginId(shortName), packageVersion: "", source };
  if (directory === undefined) {
    return looksLikePlugin(found)
      ? refuse(
          { ...byName, directory: expectedAt(name, context.appRoot) },
          packageNotFound(name, context.appRoot, context.commands),
        )
      : undefined;
  }

  const packageFile = readPackageFile(directory, isListed(found) ? undefined : `"${manifestKey}"`);
  if (packageFile.kind === "unreadable") {
    return refuse({ ...byName, directory }, packageFileUnreadable(packageFile.reason));
  }
  if (packageFile.kind === "missing") {
    return isListed(found) ? refuse({ ...byName, directory }, noPackageFile(directory, context.appRoot)) : undefined;
  }
  if (packageFile.kind === "without-text") {
    return looksLikePlugin(found) ? refuse({ ...byName, directory }, noManifest()) : undefined;
  }

  const { content } = packageFile;
  const ownName = textOr(content.name, byName.packageName);
  const reading = readManifest(content, ownName);
  const candidate: Candidate = {
    packageName: isPluginPath(name) ? ownName : name,
    pluginId: pluginIdOf(reading, ownName),
    packageVersion: textOr(content.version, ""),
    directory,
    source,
  };
  if (reading.kind === "none") return looksLikePlugin(found) ? refuse(candidate, noManifest()) : undefined;
  const manifest = reading.kind === "manifest" ? reading.manifest : undefined;
  trace.push({ step: "manifest", outcome: manifest === undefined ? "not usable" : `plugin "${manifest.id}"` });

  const policy = checkPolicy(candidate, context.policy);
  trace.push({ step: "configuration", outcome: policy?.reason ?? "allowed" });
  if (policy !== undefined) return refuse(candidate, policy, manifest);
  if (reading.kind === "unknown-version")
    return refuse(candidate, unknownManifestVersion(reading.version, context.commands));
  if (reading.kind === "invalid") return refuse(candidate, invalidManifest(reading.problems));

  const incompatible = checkCompatibility(reading.manifest, content, context);
  trace.push({ step: "compatibility", outcome: incompatible?.reason ?? "fits this runtime" });
  if (incompatible !== undefined) return refuse(candidate, incompatible, manifest);

  const module = resolveEntry(directory, content, reading.manifest);
  if (module.kind === "not-found") return refuse(candidate, entryNotFound(module.reason), manifest);
  trace.push({ step: "module", outcome: pathFrom(context.appRoot, module.file) });
  return {
    entry: { candidate, manifest, entryFile: module.file, verdict: { kind: "accepted" }, trace },
    warnings: sdkWarnings(candidate.packageName, content, context),
  };
}

/** The id in a manifest, whether or not all of it could be read. */
export function pluginIdOf(reading: ManifestResult, packageName: string): string {
  switch (reading.kind) {
    case "manifest":
      return reading.manifest.id;
    case "none":
      return defaultPluginId(packageName);
    default:
      return reading.claimedId;
  }
}

/** Whether somebody named it, so that silence would be wrong. */
function isListed({ source }: FoundPackage): boolean {
  return source === "config" || source === "modules-flag";
}

function looksLikePlugin(found: FoundPackage): boolean {
  return isListed(found) || /^(?:@[^/]+\/)?flyte-agent-./.test(found.name);
}

function expectedAt(name: string, appRoot: string): string {
  return isPluginPath(name) ? name : join(appRoot, "node_modules", name);
}

function howFound({ name, directory, source }: FoundPackage, appRoot: string): string {
  const where = directory === undefined ? "" : `, in ${pathFrom(appRoot, directory)}`;
  switch (source) {
    case "config":
      return `listed as "${name}" under plugins.list${where}`;
    case "modules-flag":
      return `named by --modules ${name}${where}`;
    case "dependency":
      return `a dependency of the app root${where}`;
    case "scan":
      return `seen by the scan${where}`;
  }
}

function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}
