import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Directory of the repository. */
export const repository: string = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Packs packages of the workspace as they would be published.
 *
 * @param names the packages; none means all that are published
 * @returns the tarballs
 */
export async function packWorkspace(names: readonly string[], destination: string): Promise<string[]> {
  await promisify(execFile)(process.execPath, [join(repository, "tools/pack-packages.ts"), destination, ...names]);
  const files = await readdir(destination);
  return files.map((file) => join(destination, file));
}
