import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Manifest, readManifest } from "@flyte-agent/runtime";

/** Where a test takes the manifest from: the directory with the plugin's `package.json`, or the manifest itself. */
export interface ManifestSource {
  /** For example `new URL("..", import.meta.url)`. */
  readonly packageDir?: URL | string;
  /** What stands under `flyte-agent` in `package.json`. */
  readonly manifest?: object;
}

/**
 * Reads a manifest as the server does.
 *
 * @returns `undefined` if the test names none.
 * @throws Error with everything that is wrong with it.
 */
export async function declaredManifest({ packageDir, manifest }: ManifestSource): Promise<Manifest | undefined> {
  if (packageDir === undefined && manifest === undefined) return undefined;
  const file = packageDir === undefined ? noFile : await readPackageFile(packageDir);
  const whole: PackageFile = manifest === undefined ? file : { ...file, "flyte-agent": manifest };
  const result = readManifest(whole, typeof whole.name === "string" ? whole.name : "plugin");
  switch (result.kind) {
    case "manifest":
      return result.manifest;
    case "none":
      throw new Error(`${String(packageDir)}: package.json has no key "flyte-agent"`);
    case "unknown-version":
      throw new Error(`flyte-agent.manifestVersion: ${result.version} is newer than this release knows`);
    case "invalid":
      throw new Error(`the manifest is not valid: ${result.problems.join("; ")}`);
  }
}

const noFile: PackageFile = {};

interface PackageFile extends Readonly<Record<string, unknown>> {
  readonly name?: unknown;
}

async function readPackageFile(packageDir: URL | string): Promise<PackageFile> {
  const path = packageDir instanceof URL ? fileURLToPath(packageDir) : packageDir;
  const file: unknown = JSON.parse(await readFile(`${path.replace(/[/\\]$/, "")}/package.json`, "utf8"));
  if (typeof file !== "object" || file === null) throw new Error(`${path}: package.json holds no object`);
  // An object's members are read by name and checked by the manifest's reader.
  return file as PackageFile;
}
