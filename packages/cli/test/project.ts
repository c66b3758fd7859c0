import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A project of a user, in a directory of its own. */
export interface Project extends AsyncDisposable {
  readonly directory: string;
  /** Writes a file and gives its path. */
  write(path: string, content: string | Uint8Array): Promise<string>;
  /** Writes a plugin package into `node_modules`. */
  addPlugin(name: string, options?: PluginFiles): Promise<void>;
}

/** What a plugin package consists of. */
export interface PluginFiles {
  /** @default the manifest of {@link tickSource} */
  readonly manifest?: unknown;
  /** @default {@link tickSource} */
  readonly source?: string;
  /** @default none */
  readonly dependencies?: Readonly<Record<string, string>>;
}

const packages = fileURLToPath(new URL("../../", import.meta.url));

/** Makes a project that depends on packages by these names; the SDK is linked from the workspace. */
export async function createProject(dependencies: readonly string[] = []): Promise<Project> {
  const directory = await mkdtemp(join(tmpdir(), "flyte-agent-cli-"));
  const write = async (path: string, content: string | Uint8Array): Promise<string> => {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
    return file;
  };
  const versions = Object.fromEntries(dependencies.map((name) => [name, "1.0.0"]));
  await write("package.json", JSON.stringify({ name: "app", private: true, dependencies: versions }));
  await mkdir(join(directory, "node_modules/@flyte-agent"), { recursive: true });
  await symlink(join(packages, "sdk"), join(directory, "node_modules/@flyte-agent/sdk"));
  return {
    directory,
    write,
    async addPlugin(name, { manifest = tickManifest, source = tickSource, dependencies = {} } = {}) {
      const about = { name, version: "1.2.3", type: "module", exports: "./index.js", dependencies };
      const packageFile = { ...about, "flyte-agent": manifest };
      await write(`node_modules/${name}/package.json`, JSON.stringify(packageFile));
      await write(`node_modules/${name}/index.js`, source);
    },
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** Manifest of {@link tickSource}. */
export const tickManifest = {
  manifestVersion: 1,
  apiVersion: 1,
  displayName: "Ticker",
  taskTypes: [{ name: "tick" }, { name: "echo", mode: "sync", agent: "Echo" }],
};

/**
 * A plugin with an async agent whose jobs end after `custom.ms` in phase `custom.end` and note their deletion in the
 * file `custom.trace`, and a sync agent that hands its inputs back after `custom.ms`; it
 * writes the file `custom.begun` when it begins.
 */
export const tickSource = `
import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { defineAsyncAgent, definePlugin, defineSyncAgent, failed, invalidTask, retryableFailure, running, succeeded }
  from "@flyte-agent/sdk";

const job = { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value }) } };

export default definePlugin({
  setup: () => [
    defineAsyncAgent({
      name: "Ticker",
      taskType: "tick",
      job,
      async create({ custom }) {
        if (typeof custom.ms !== "number") throw invalidTask("custom.ms", "expected a number of milliseconds");
        return { due: Date.now() + custom.ms, end: custom.end ?? "succeeded", trace: custom.trace ?? "" };
      },
      async get({ due, end }) {
        const logLinks = [{ name: "Tick Console", uri: "https://ticks.example.com/1" }];
        if (Date.now() < due) return running({ message: "ticking", logLinks });
        if (end === "retryable_failed") return retryableFailure("out of springs", { logLinks });
        if (end === "failed") return failed("broke for good", { logLinks });
        return succeeded({ outputs: { ticks: 3 }, logLinks });
      },
      async delete({ trace }) {
        if (trace !== "") appendFileSync(trace, "deleted\\n");
      },
    }),
    defineSyncAgent({
      name: "Echo",
      taskType: "echo",
      async do({ custom, inputs }) {
        if (custom.begun !== undefined) appendFileSync(custom.begun, "");
        await delay(custom.ms ?? 0);
        return succeeded({ outputs: { ...inputs } });
      },
    }),
  ],
});
`;

/** A task of type `tick`. */
export function tick(custom: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    type: "tick",
    interface: { outputs: { variables: { ticks: { type: { simple: "INTEGER" } } } } },
    custom,
  });
}
