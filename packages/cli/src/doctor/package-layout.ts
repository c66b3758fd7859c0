import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The file that each package manager leaves. */
const lockFiles = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "Yarn"],
  ["bun.lock", "Bun"],
  ["bun.lockb", "Bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
] as const;

/** Which package manager installed what is here, and how it laid it out. */
export function packageLayout(appRoot: string): string {
  for (let directory = appRoot; ; directory = dirname(directory)) {
    const found = lockFiles.find(([file]) => existsSync(join(directory, file)));
    if (found !== undefined) return `${found[1]} (${join(directory, found[0])}), ${layoutAt(directory)}`;
    if (directory === dirname(directory)) return `no lock file, ${layoutAt(appRoot)}`;
  }
}

function layoutAt(directory: string): string {
  if (existsSync(join(directory, ".pnp.cjs"))) return "Plug'n'Play";
  const nodeModules = join(directory, "node_modules");
  if (!existsSync(nodeModules)) return "nothing installed there";
  return existsSync(join(nodeModules, ".pnpm")) ? "node_modules with links" : "node_modules";
}
