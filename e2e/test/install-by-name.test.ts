import { execFile } from "node:child_process";
import { copyFile, glob, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBigQuery } from "../../plugins/bigquery/test/bigquery-shim/start-bigquery.ts";
import { type AgentServer, startAgentServer } from "./agent-server.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { machinesNode } from "./machines-node.ts";
import { packWorkspace, repository } from "./pack-workspace.ts";
import { upstreamRegistry } from "./upstream-registry.ts";
import { createUserProject, type UserProject } from "./user-project.ts";

const run = promisify(execFile);
// With cold caches the packages come over the network.
const timeout = 300_000;

let directory: string;
let registry: LocalRegistry;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "flyte-agent-packed-"));
  const tarballs = await packWorkspace([], join(directory, "packed"));
  const others = await Promise.all([packTimerWithNewerSdk(), packNewerSdk(tarballs)]);
  registry = await startLocalRegistry([...others, ...tarballs], await upstreamRegistry());
}, timeout);

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

// One story: each test goes on where the one before it has left the project.
describe.each(["npm", "pnpm"] as const)("installed with %s", (packageManager) => {
  let project: UserProject;

  beforeAll(async () => {
    project = await createUserProject({ packageManager, registry: registry.url });
  });

  afterAll(() => project[Symbol.asyncDispose]());

  it("serves the plugin that is installed, and no other", { timeout }, async () => {
    await project.install("flyte-agent", "flyte-agent-webhook");
    console.log(`flyte-agent and flyte-agent-webhook by ${packageManager}: ${await sizeOf(project)}`);
    await using server = await serve(project);
    expect(await server.taskTypes()).toEqual(["webhook"]);
    await expectEndOnSigterm(server);
  });

  it("serves a plugin that is installed later after a restart, and it works", { timeout }, async () => {
    await project.install("flyte-agent-sensor");
    console.log(`with flyte-agent-sensor: ${await sizeOf(project)}`);
    await using server = await serve(project);
    expect(await server.taskTypes()).toEqual(["sensor", "webhook"]);
    await expectFileSensorWorks(project, server);
    await expectEndOnSigterm(server);
  });

  it("has one copy of the SDK", async () => {
    expect(await sdkCopies(project)).toEqual(["0.1.0"]);
  });

  it("lists what is served", async () => {
    const listed = await project.run("npx", "flyte-agent", "list");
    expect(listed).toMatch(/^flyte-agent-sensor .*sensor@0/m);
    expect(listed).toMatch(/^flyte-agent-webhook .*webhook@0/m);
  });

  it("explains a package and a task type", async () => {
    expect(await project.run("npx", "flyte-agent", "why", "flyte-agent-sensor")).toContain("sensor");
    expect(await project.run("npx", "flyte-agent", "why", "webhook")).toContain("flyte-agent-webhook");
  });

  it("has nothing that the doctor complains about", async () => {
    expect(await project.run("npx", "flyte-agent", "doctor", "--flyte")).toContain("connector-service");
  });

  it("runs a query with the plugin for BigQuery", { timeout }, async () => {
    await using bigQuery = await startBigQuery();
    await project.install("flyte-agent-bigquery");
    console.log(`with flyte-agent-bigquery: ${await sizeOf(project)}`);
    await project.write("flyte-agent.config.yaml", `config: { bigquery: { endpoint: "${bigQuery.endpoint}" } }\n`);
    const example = await readFile(join(repository, "examples/bigquery.yaml"), "utf8");
    const output = await project.run("npx", "flyte-agent", "run", await project.write("query.yaml", example));
    expect(output).toMatch(/uri: bq:\/\/acme-dw:_\w+\.anon\w+/);
    expect(bigQuery.jobs.map(({ configuration }) => configuration.query)).toMatchObject([
      { parameterMode: "NAMED", maximumBytesBilled: "100000000" },
    ]);
  });
});

it("serves a plugin that brings its own copy of the SDK", { timeout }, async () => {
  await using project = await createUserProject({ packageManager: "npm", registry: registry.url });
  await project.install("flyte-agent", "flyte-agent-webhook", "flyte-agent-timer");
  expect(await sdkCopies(project)).toEqual(["0.1.0", "0.1.1"]);
  const task = await project.write(
    "task.yaml",
    await readFile(join(repository, "examples/timer-plugin/task.yaml"), "utf8"),
  );

  await using server = await serve(project);

  expect(await server.taskTypes()).toEqual(["timer", "webhook"]);
  const output = await project.run("npx", "flyte-agent", "run", task, "--endpoint", `127.0.0.1:${server.port}`);
  expect(output).toMatch(/rang_at/);
});

describe("on a Node that is too old", async () => {
  const machines = await machinesNode();

  it.skipIf(machines >= 22)(`says so in one sentence (Node ${machines})`, { timeout }, async () => {
    await using project = await createUserProject({ packageManager: "npm", registry: registry.url, node: "machine's" });
    await project.install("flyte-agent", "flyte-agent-webhook");

    const program = project.start("npx", "flyte-agent", "serve");
    expect(await program.ended()).toMatchObject({ code: 1 });
    expect(program.output).toMatch(/^flyte-agent: .* is too old, .*`npm install node@24`.*\.$/m);
    expect(program.output).not.toMatch(/\n\s+at /);

    const bin = "node_modules/flyte-agent/bin/flyte-agent.mjs";
    for (const [lockFile, advice] of [
      ["pnpm-lock.yaml", "`pnpm add --allow-build=node node@npm:node@24`"],
      ["yarn.lock", "`npx --package node@24 --call 'yarn flyte-agent serve'`"],
    ] as const) {
      const file = await project.write(lockFile, "");
      await using other = project.start("node", bin, "serve");
      await other.ended();
      expect(other.output).toContain(advice);
      await rm(file);
    }

    await project.install("node@24");
    await using server = await serve(project);
    expect(await server.taskTypes()).toEqual(["webhook"]);
  });
});

function serve(project: UserProject): Promise<AgentServer> {
  return startAgentServer((...flags) => project.start("npx", "flyte-agent", "serve", ...flags));
}

async function expectEndOnSigterm({ program, taskTypes }: AgentServer): Promise<void> {
  // To npx alone, which keeps it for itself.
  program.signal("SIGTERM");
  await program.ended();
  expect(program.output).toMatch(/\bstopped\b/);
  await expect(taskTypes()).rejects.toThrow("fetch failed");
}

async function expectFileSensorWorks(project: UserProject, { port }: AgentServer): Promise<void> {
  const path = join(project.directory, "ready");
  const task = await project.write(
    "sensor.yaml",
    `type: sensor
interface:
  inputs: { variables: { path: { type: { simple: STRING } } } }
custom: { sensor_module: flytekit.sensor.file_sensor, sensor_name: FileSensor }
inputs: { path: ${JSON.stringify(path)} }
`,
  );
  await using program = project.start("npx", "flyte-agent", "run", task, "--endpoint", `127.0.0.1:${port}`);
  await program.printed(/running/i);
  await writeFile(path, "");
  expect(await program.ended(), program.output).toMatchObject({ code: 0 });
  expect(program.output).toMatch(/succeeded/i);
}

async function sizeOf(project: UserProject): Promise<string> {
  const kibibytes = Number.parseInt(await project.run("du", "-sk", "node_modules"), 10);
  return `${(kibibytes / 1024).toFixed(1)} MiB`;
}

/** The versions of the SDK's copies in the tree. */
async function sdkCopies({ directory }: UserProject): Promise<string[]> {
  const copies = new Set<string>();
  // Where pnpm keeps the packages is a directory that `**` leaves out.
  const places = ["node_modules", "node_modules/.pnpm"].map((place) => `${place}/**/@flyte-agent/sdk/package.json`);
  for await (const file of glob(places, { cwd: directory })) {
    // pnpm has one copy and many links to it.
    copies.add(await realpath(join(directory, dirname(file))));
  }
  const versions = await Promise.all([...copies].map(async (copy) => String((await readJson(copy)).version)));
  return versions.sort((a, b) => a.localeCompare(b));
}

/** The README's plugin, but with the SDK as a dependency of its own and in a version that nobody else uses. */
async function packTimerWithNewerSdk(): Promise<string> {
  const source = join(repository, "examples/timer-plugin");
  const target = join(directory, "timer");
  await mkdir(target);
  await copyFile(join(source, "index.js"), join(target, "index.js"));
  const { dependencies, peerDependencies, devDependencies, private: _, ...manifest } = await readJson(source);
  await writeJson(target, { ...manifest, dependencies: { valibot: "^1.5.0", "@flyte-agent/sdk": "0.1.1" } });
  return pack(target);
}

/** The SDK of the workspace under another version. */
async function packNewerSdk(tarballs: readonly string[]): Promise<string> {
  const tarball = tarballs.find((file) => file.includes("flyte-agent-sdk-")) ?? expect.fail("the SDK is not packed");
  const target = join(directory, "sdk");
  await mkdir(target);
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", target]);
  await writeJson(target, { ...(await readJson(target)), version: "0.1.1" });
  return pack(target);
}

async function pack(source: string): Promise<string> {
  const { stdout } = await run("npm", ["pack", source, "--pack-destination", directory, "--json"], { cwd: directory });
  return join(directory, JSON.parse(stdout)[0].filename);
}

async function readJson(directory: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(directory, "package.json"), "utf8"));
}

function writeJson(directory: string, manifest: object): Promise<void> {
  return writeFile(join(directory, "package.json"), JSON.stringify(manifest));
}
