import { pluginApiVersion } from "@flyte-agent/sdk/host";
import type { Manifest } from "../discovery/manifest.ts";
import type { PackageCommands } from "../discovery/package-commands.ts";
import { type Rejection, unsupportedApiVersion, wrongNodeVersion } from "./verdicts.ts";
import { versionFits } from "./version-fits.ts";

/** Versions of what a plugin runs on, and how to get others. */
export interface HostVersions {
  readonly nodeVersion: string;
  /** `undefined` if it could not be told. */
  readonly sdkVersion: string | undefined;
  readonly commands: PackageCommands;
}

const sdk = "@flyte-agent/sdk";

/**
 * Compares what a plugin needs with what there is: the contract and the version of Node. The range of the SDK is
 * advice ({@link sdkWarnings}), since ranges on young versions refuse what works.
 *
 * @returns `undefined` if it fits.
 */
export function checkCompatibility(
  manifest: Manifest,
  packageFile: Readonly<Record<string, unknown>>,
  { nodeVersion, commands }: HostVersions,
): Rejection | undefined {
  if (manifest.apiVersion > pluginApiVersion) return unsupportedApiVersion(manifest.apiVersion, commands);
  const range = textAt(packageFile, "engines", "node");
  if (range !== undefined && !versionFits(nodeVersion, range)) return wrongNodeVersion(range, nodeVersion, commands);
  return undefined;
}

/** What is worth a word about how a plugin depends on the SDK. */
export function sdkWarnings(
  packageName: string,
  packageFile: Readonly<Record<string, unknown>>,
  { sdkVersion }: HostVersions,
): readonly string[] {
  const warnings: string[] = [];
  const peer = textAt(packageFile, "peerDependencies", sdk);
  if (peer !== undefined && sdkVersion !== undefined && !versionFits(sdkVersion, peer)) {
    warnings.push(`${packageName} was made for ${sdk} ${peer}, this is ${sdkVersion}: it may need an update`);
  }
  if (textAt(packageFile, "dependencies", sdk) !== undefined) {
    warnings.push(`${packageName} brings its own ${sdk}: its author should make it a peer dependency`);
  }
  return warnings;
}

function textAt(packageFile: Readonly<Record<string, unknown>>, section: string, key: string): string | undefined {
  const found = packageFile[section];
  if (typeof found !== "object" || found === null || !Object.hasOwn(found, key)) return undefined;
  // `key` is an own key of the object.
  const value = (found as Record<string, unknown>)[key];
  return typeof value === "string" ? value : undefined;
}
