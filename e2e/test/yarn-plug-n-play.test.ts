import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { startAgentServer } from "./agent-server.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { packWorkspace } from "./pack-workspace.ts";
import { upstreamRegistry } from "./upstream-registry.ts";
import { createUserProject, type UserProject } from "./user-project.ts";
import { yarnCommand } from "./yarn-command.ts";

const run = promisify(execFile);
// With cold caches the packages come over the network.
const timeout = 300_000;

let directory: string;
let registry: LocalRegistry;
let project: UserProject;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "flyte-agent-packed-"));
  const tarballs = await packWorkspace([], join(directory, "packed"));
  registry = await startLocalRegistry([await packPluginWithPeer(), ...tarballs], await upstreamRegistry());
  project = await createUserProject({ packageManager: "yarn", registry: registry.url });
}, timeout);

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

it("serves what yarn add installed, though Yarn hands the SDK to no plugin", { timeout }, async () => {
  await project.install("flyte-agent", "flyte-agent-bigquery");
  await using server = await serve();
  await server.program.printed(/Bigquery Connector .* ready\b/);
  expect(await server.taskTypes()).toEqual(["bigquery_query_job_task"]);
});

it("has nothing that the doctor complains about", async () => {
  const found = await yarn("doctor", "--port", "0", "--prometheus-port", "0");
  expect(found).toContain("flyte-agent-bigquery finds no @flyte-agent/sdk where it is, and gets the server's");
  expect(found).toContain("no problems found");
});

it("names the missing peer of a plugin, and Yarn's own command", { timeout }, async () => {
  await project.install("flyte-agent-needy");
  await using server = await serve();
  await server.program.printed(/doctor --flyte --port \d+\n/);
  expect(server.program.output).toContain(
    'flyte-agent-needy is quarantined: its peer dependency "left-pad" is not installed\n' +
      "  to fix it: yarn add left-pad, then restart\n",
  );
  expect(server.program.output).toContain("yarn flyte-agent doctor");
  expect(await yarn("why", "flyte-agent-absent").catch(({ stderr }) => stderr)).toContain(
    "yarn flyte-agent list --all",
  );
});

function yarn(...args: string[]): Promise<string> {
  return project.run(...yarnCommand, "flyte-agent", ...args);
}

function serve() {
  return startAgentServer((...flags) => project.start(...yarnCommand, "flyte-agent", "serve", ...flags));
}

/** A plugin with a peer that is nobody's. */
async function packPluginWithPeer(): Promise<string> {
  const source = join(directory, "needy");
  await mkdir(source);
  const manifest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "needy" }] };
  const packageFile = {
    name: "flyte-agent-needy",
    version: "1.0.0",
    type: "module",
    exports: "./index.js",
    peerDependencies: { "@flyte-agent/sdk": ">=0.1 <2", "left-pad": "*" },
    "flyte-agent": manifest,
  };
  await writeFile(join(source, "package.json"), JSON.stringify(packageFile));
  await writeFile(join(source, "index.js"), 'import "@flyte-agent/sdk";\nimport "left-pad";\n');
  const { stdout } = await run("npm", ["pack", source, "--pack-destination", directory, "--json"], { cwd: directory });
  return join(directory, JSON.parse(stdout)[0].filename);
}
