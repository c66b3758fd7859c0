import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Makes an app root whose only plugin is the one of this repository, in place of one that is there.
 *
 * @param options of the plugin
 * @returns the folder
 */
export async function ourProject(folder: string, options: object = {}): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "node_modules"), { recursive: true });
  const manifest = { private: true, dependencies: { "flyte-agent-bigquery": "*" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await writeFile(join(folder, "flyte-agent.config.yaml"), JSON.stringify({ config: { bigquery: options } }));
  const plugin = fileURLToPath(new URL("../../../plugins/bigquery", import.meta.url));
  await symlink(plugin, join(folder, "node_modules", "flyte-agent-bigquery"));
  return folder;
}
