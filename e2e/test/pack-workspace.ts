import { execFile } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { pnpmCommand } from "./pnpm-command.ts";

/** Directory of the repository. */
export const repository: string = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Packs packages of the workspace as they would be published.
 *
 * @returns the tarballs
 */
export async function packWorkspace(names: readonly string[], destination: string): Promise<string[]> {
  const [program, ...args] = pnpmCommand;
  const filters = names.flatMap((name) => ["--filter", name]);
  await promisify(execFile)(program, [...args, ...filters, "--recursive", "pack", "--pack-destination", destination], {
    cwd: repository,
  });
  const files = await readdir(destination);
  return files.map((file) => join(destination, file));
}
