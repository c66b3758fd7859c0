import { existsSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** What an app of ours has. */
export interface AppRootOptions {
  /** Folders of the plugins that it depends on. */
  readonly plugins: readonly string[];
  /** What its configuration file says. */
  readonly configuration?: object;
}

/** Makes an app as a user has it: its package.json names the plugins, and node_modules holds them. One that is there is changed. */
export async function makeAppRoot(folder: string, { plugins, configuration = {} }: AppRootOptions): Promise<void> {
  await mkdir(join(folder, "node_modules"), { recursive: true });
  const names = await Promise.all(plugins.map(nameOf));
  const dependencies = Object.fromEntries(names.map((name) => [name, "*"]));
  await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
  await writeFile(join(folder, "flyte-agent.config.json"), JSON.stringify(configuration, null, 2));
  for (const [index, plugin] of plugins.entries()) {
    const link = join(folder, "node_modules", names[index] ?? "");
    if (!existsSync(link)) await symlink(plugin, link);
  }
}

async function nameOf(plugin: string): Promise<string> {
  // Each package.json of this repository has a name.
  const { name } = JSON.parse(await readFile(join(plugin, "package.json"), "utf8")) as { readonly name: string };
  return name;
}
