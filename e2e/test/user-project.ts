import { execFile } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { pnpmCommand } from "./pnpm-command.ts";
import { type RunningProgram, startProgram } from "./running-program.ts";
import { yarnCommand } from "./yarn-command.ts";

/** A directory as a user has it: an empty project, a package manager, a Node, nothing of this repository. */
export interface UserProject extends AsyncDisposable {
  readonly directory: string;
  /** Installs packages by name. */
  install(...names: string[]): Promise<void>;
  /** Runs a command to its end and gives what it printed on stdout; fails if the command does. */
  run(...command: [string, ...string[]]): Promise<string>;
  /** Starts a command beside the test. */
  start(...command: [string, ...string[]]): RunningProgram;
  /** Writes a file of the project and gives its path. */
  write(name: string, content: string): Promise<string>;
}

/** What a {@link UserProject} differs in. */
export interface UserProjectOptions {
  readonly packageManager: "npm" | "pnpm" | "yarn";
  /** The registry that packages come from. */
  readonly registry: string;
  /** The Node on the PATH: the one that runs this test, or what the machine itself has. */
  readonly node?: "ours" | "machine's";
}

/** Makes an empty project in a temporary directory; disposing of it removes it. */
export async function createUserProject(options: UserProjectOptions): Promise<UserProject> {
  const { packageManager, registry, node = "ours" } = options;
  const temporary = await realpath(await mkdtemp(join(tmpdir(), "flyte-agent-project-")));
  const directory = join(temporary, "project");
  const home = join(temporary, "home");
  const bin = join(temporary, "bin");
  await Promise.all([directory, home, bin].map((path) => mkdir(path)));
  await writeFile(join(directory, "package.json"), "{}\n");
  if (node === "ours") await symlink(process.execPath, join(bin, "node"));

  const outside = environmentOutside(bin);
  // The caches stay those of the machine; what npm and pnpm keep about a registry is of no use after the test.
  const installing = {
    ...outside,
    npm_config_registry: registry,
    pnpm_config_registry: registry,
    pnpm_config_cache_dir: join(temporary, "pnpm-cache"),
    ...yarnSettings(registry, temporary),
  };
  // The server must not find configuration or credentials of whoever runs the test.
  const running = {
    ...outside,
    ...(packageManager === "yarn" ? yarnSettings(registry, temporary) : {}),
    HOME: home,
    npm_config_update_notifier: "false",
  };
  const [installer, ...installerArgs] = installCommands[packageManager];
  // Without a lock file of its own Yarn looks for a project further up.
  if (packageManager === "yarn") await writeFile(join(directory, "yarn.lock"), "");
  const output = async (env: NodeJS.ProcessEnv, program: string, args: readonly string[]): Promise<string> =>
    (await promisify(execFile)(program, args, { cwd: directory, env })).stdout;

  return {
    directory,
    async install(...names) {
      await output(installing, installer, [...installerArgs, ...names]);
    },
    run: (program, ...args) => output(running, program, args),
    start: (...command) => startProgram(command, { cwd: directory, env: running }),
    async write(name, content) {
      const path = join(directory, name);
      await writeFile(path, content);
      return path;
    },
    async [Symbol.asyncDispose]() {
      await rm(temporary, { recursive: true, force: true });
    },
  };
}

const installCommands: Readonly<Record<UserProjectOptions["packageManager"], readonly [string, ...string[]]>> = {
  npm: ["npm", "install"],
  pnpm: [...pnpmCommand, "add"],
  yarn: [...yarnCommand, "add"],
};

// Where CI is set Yarn takes its lock file for unchangeable.
function yarnSettings(registry: string, temporary: string): NodeJS.ProcessEnv {
  return {
    YARN_NPM_REGISTRY_SERVER: registry,
    YARN_UNSAFE_HTTP_WHITELIST: "127.0.0.1",
    YARN_ENABLE_TELEMETRY: "0",
    YARN_ENABLE_IMMUTABLE_INSTALLS: "0",
    YARN_GLOBAL_FOLDER: join(temporary, "yarn"),
  };
}

/** The environment of a shell that knows nothing of this repository, of npm running its scripts, and of vitest. */
function environmentOutside(bin: string): NodeJS.ProcessEnv {
  const own =
    /^(npm_(?!config_)|npm_config_(local_prefix|user_agent)$|pnpm_|YARN_|INIT_CWD$|NODE_(ENV|OPTIONS|PATH|V8_COVERAGE)$|VITEST|FLYTE)/i;
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name));
  const path = (process.env.PATH ?? "").split(delimiter).filter((entry) => !entry.includes("node_modules"));
  return { ...Object.fromEntries(kept), PATH: [bin, ...path].join(delimiter) };
}
