import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { packWorkspace, repository } from "./pack-workspace.ts";
import type { RunningProgram } from "./running-program.ts";
import { upstreamRegistry } from "./upstream-registry.ts";
import { createUserProject, type UserProject } from "./user-project.ts";

const example = join(repository, "examples/protobuf-plugin");
// With cold caches the packages come over the network.
const timeout = 300_000;

let directory: string;
let registry: LocalRegistry;
let plugin: UserProject;

// One story: each test goes on where the one before it has left the project.
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "flyte-agent-packed-"));
  registry = await startLocalRegistry(await packWorkspace([], directory), await upstreamRegistry());
  plugin = await createUserProject({ packageManager: "npm", registry: registry.url });
  const own = /\/(node_modules|gen|dist)(\/|$)/;
  await cp(example, plugin.directory, { recursive: true, filter: (path) => !own.test(path.slice(example.length)) });
  await plugin.install();
}, timeout);

afterAll(async () => {
  await plugin[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

it("passes the steps of the workflow that the page shows", { timeout }, async () => {
  const page = await readFile(join(repository, "docs/protobuf-vendors.md"), "utf8");
  const steps = [...page.matchAll(/^ {6}- run: (.+)$/gm)].map(([, step = ""]) => step.split(" "));
  expect(steps.map((step) => step.join(" "))).toContain("npm test");
  for (const [program = "", ...args] of steps.filter((step) => step[1] !== "ci")) {
    await using running = plugin.start(program, ...args);
    const { code } = await running.ended();
    expect(code, running.output).toBe(0);
  }
});

it("has the configuration that the page shows", async () => {
  const page = await readFile(join(repository, "docs/protobuf-vendors.md"), "utf8");
  expect(page).toContain(await readFile(join(example, "buf.gen.yaml"), "utf8"));
});

it("is told when the vendor takes something away", { timeout }, async () => {
  const file = "proto/farm/render/v1/render.proto";
  const proto = await readFile(join(plugin.directory, file), "utf8");
  await plugin.write(file, proto.replace("  string image_uri = 2;\n", ""));
  await using running = plugin.start("npm", "run", "lint");
  expect(await running.ended()).not.toMatchObject({ code: 0 });
  expect(running.output).toContain("image_uri");
  await plugin.write(file, proto);
});

it("is packed with its generated code, and runs a task at the vendor where it is installed", { timeout }, async () => {
  const packed = JSON.parse((await plugin.run("npm", "pack", "--json", "--ignore-scripts")).trim());
  const tarball = join(plugin.directory, packed[0].filename);
  await using farm = await startFarm();
  await using app = await createUserProject({ packageManager: "npm", registry: registry.url });
  await app.install("flyte-agent", tarball);
  const endpoint = /http:\S+/.exec(farm.output)?.[0];
  await app.write("flyte-agent.config.json", JSON.stringify({ config: { render: { endpoint } } }));
  const text = { type: { simple: "STRING" } };
  const task = {
    type: "render",
    interface: { inputs: { variables: { scene: text } }, outputs: { variables: { image: text } } },
    inputs: { scene: "teapot" },
  };
  const file = await app.write("task.yaml", JSON.stringify(task));
  expect(await app.run("npx", "flyte-agent", "run", file)).toMatch(/s3:\/\/renders\/\S+\.png/);
});

/** Starts the example's own stand-in for the vendor, which ends every render at once. */
async function startFarm(): Promise<RunningProgram> {
  const source = `import { RenderState } from "./gen/farm/render/v1/render_pb.js";
import { startFarm } from "./test/start-farm.ts";
console.log((await startFarm(RenderState.DONE)).endpoint);
`;
  const farm = plugin.start("node", await plugin.write("farm.mts", source));
  await farm.printed(/http:\S+\n/);
  return farm;
}
