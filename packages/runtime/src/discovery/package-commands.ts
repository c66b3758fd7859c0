import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readPackageFile } from "./read-package-file.ts";

/** The package managers that are known. */
export type PackageManager = "npm" | "pnpm" | "yarn" | "bun";

/** What to type for the package manager of a project. */
export interface PackageCommands {
  /** Whose commands they are. */
  readonly packageManager: PackageManager;
  /** Installs packages as dependencies: `npm install a b`. */
  add(...names: readonly string[]): string;
  /** Makes a dependency of a development dependency. */
  addInPlaceOfDev(name: string): string;
  /** Runs the command of this server: `npx flyte-agent serve`. */
  run(args: string): string;
  /** Brings copies of a package together. */
  readonly dedupe: string;
}

/**
 * Tells which package manager a project uses: by `packageManager` in the nearest `package.json` that has it, or the
 * nearest lock file, whichever is nearer; else by who started this program; else npm.
 *
 * @param directory where to look first, then upwards.
 */
export function findPackageManager(
  directory: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): PackageManager {
  for (let at = directory; ; at = dirname(at)) {
    const here = declaredIn(at) ?? lockFiles.find(([file]) => existsSync(join(at, file)))?.[1];
    if (here !== undefined) return here;
    if (at === dirname(at)) return startedBy(env) ?? "npm";
  }
}

/** The commands for the package manager that a project uses. */
export function packageCommands(
  directory: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): PackageCommands {
  const packageManager = findPackageManager(directory, env);
  const { add, addInPlaceOfDev, run, dedupe } = commands[packageManager];
  return {
    packageManager,
    add: (...names) => [add, ...names].join(" "),
    addInPlaceOfDev: (name) => addInPlaceOfDev.replaceAll("NAME", name),
    run: (args) => `${run} flyte-agent ${args}`,
    dedupe,
  };
}

const commands = {
  npm: { add: "npm install", addInPlaceOfDev: "npm install --save-prod NAME", run: "npx", dedupe: "npm dedupe" },
  pnpm: { add: "pnpm add", addInPlaceOfDev: "pnpm add --save-prod NAME", run: "pnpm exec", dedupe: "pnpm dedupe" },
  yarn: { add: "yarn add", addInPlaceOfDev: "yarn remove NAME && yarn add NAME", run: "yarn", dedupe: "yarn dedupe" },
  bun: { add: "bun add", addInPlaceOfDev: "bun remove NAME && bun add NAME", run: "bunx", dedupe: "bun update" },
} as const;

/** The file that each package manager leaves. Where there are several, the one that is less likely to be left over. */
const lockFiles: readonly (readonly [string, PackageManager])[] = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  [".pnp.cjs", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
  ["package-lock.json", "npm"],
  ["npm-shrinkwrap.json", "npm"],
];

function declaredIn(directory: string): PackageManager | undefined {
  const packageFile = readPackageFile(directory, '"packageManager"');
  if (packageFile.kind !== "read" || typeof packageFile.content.packageManager !== "string") return undefined;
  return known(packageFile.content.packageManager.split("@", 1)[0]);
}

/** A package manager that runs a program leaves its name and version there: `pnpm/12.21.0 npm/? node/v24.1.0 …`. */
function startedBy({ npm_config_user_agent: agent = "" }: Readonly<Record<string, string | undefined>>) {
  return known(agent.split("/", 1)[0]);
}

function known(name: string | undefined): PackageManager | undefined {
  return (["npm", "pnpm", "yarn", "bun"] as const).find((manager) => manager === name);
}
