import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAgentServer } from "./agent-server.ts";
import { type LocalRegistry, startLocalRegistry } from "./local-registry.ts";
import { machinesNode } from "./machines-node.ts";
import { packWorkspace, repository } from "./pack-workspace.ts";
import { upstreamRegistry } from "./upstream-registry.ts";
import { createUserProject, type UserProject } from "./user-project.ts";

const page = await readFile(join(repository, "docs/writing-a-plugin.md"), "utf8");
// With cold caches the packages come over the network.
const timeout = 300_000;

let directory: string;
let registry: LocalRegistry;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "flyte-agent-packed-"));
  registry = await startLocalRegistry(await packWorkspace([], directory), await upstreamRegistry());
}, timeout);

afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

// One story: each test goes on where the one before it has left the project.
describe("the plugin of docs/writing-a-plugin.md", () => {
  let project: UserProject;

  beforeAll(async () => {
    project = await createUserProject({ packageManager: "npm", registry: registry.url });
    for (const [name, content] of filesOfPage()) {
      await mkdir(dirname(join(project.directory, name)), { recursive: true });
      await project.write(name, content);
    }
    const [, names = ""] = /^npm install (--save-dev flyte-agent .*)$/m.exec(page) ?? [];
    await project.install(...names.split(" "));
  }, timeout);

  afterAll(() => project[Symbol.asyncDispose]());

  it("has the files that the page shows", () => {
    const names = ["package.json", "tsconfig.json", "tsconfig.build.json", "src/index.ts", "test/echo.test.ts"];
    expect(filesOfPage().map(([name]) => name)).toEqual(names);
  });

  it("compiles, without skipLibCheck, and keeps the contract", { timeout }, async () => {
    await succeeds(project, "npm", "test");
  });

  it("is served, with a configuration in TypeScript", { timeout }, async () => {
    const configuration = await readFile(join(repository, "docs/configuration.md"), "utf8");
    const [, source = ""] = /^```ts\n(import \{ defineConfig \}.*?)^```$/ms.exec(configuration) ?? [];
    await project.write("src/flyte-agent.config.ts", source);
    await succeeds(project, "npx", "tsc");
    await project.write("flyte-agent.config.ts", source);
    const start = (...flags: string[]) => project.start("npx", "flyte-agent", "serve", "--modules", ".", ...flags);
    await using server = await startAgentServer(start);
    expect(await server.taskTypes()).toEqual(["echo"]);
  });

  it.each([
    ["strict", ["--strict"]],
    [
      "everything that is stricter",
      ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--isolatedModules"],
    ],
    ["the types of the DOM besides", ["--lib", "es2024,esnext.disposable,dom"]],
  ])("compiles what our packages export with %s", { timeout }, async (_, flags) => {
    await project.write(
      "src/everything.ts",
      `export * as runtime from "@flyte-agent/runtime";
export * as sdk from "@flyte-agent/sdk";
export * as host from "@flyte-agent/sdk/host";
export * as testing from "@flyte-agent/testing";
`,
    );
    await succeeds(project, "npx", "tsc", "--skipLibCheck", "false", ...flags);
  });

  it("compiles with TypeScript 5, too", { timeout }, async () => {
    await project.install("--save-dev", "typescript5@npm:typescript@~5.9.0");
    await succeeds(project, "node", "node_modules/typescript5/bin/tsc", "--skipLibCheck", "false");
  });
});

describe("on a Node that is too old", async () => {
  const machines = await machinesNode();

  it.skipIf(machines >= 22)(`the test kit says so in one sentence (Node ${machines})`, { timeout }, async () => {
    await using project = await createUserProject({ packageManager: "npm", registry: registry.url, node: "machine's" });
    await project.install("--omit=peer", "@flyte-agent/testing");

    await using program = project.start("node", await project.write("a.mjs", 'import "@flyte-agent/testing";\n'));
    expect(await program.ended()).toMatchObject({ code: 1 });
    expect(program.output).toMatch(
      /^Error: @flyte-agent\/testing: Node \S+ is too old, it needs 22\.18 or newer; `npm install --save-dev node@24` .*\.$/m,
    );
  });
});

/** The files of the section "In TypeScript": each is named before its block. */
function filesOfPage(): readonly (readonly [string, string])[] {
  const [, section = ""] = /^## In TypeScript$(.*?)^## /ms.exec(page) ?? [];
  const files = section.matchAll(/^`([^`\n]+)`[^\n]*:\n\n```\w+\n(.*?)^```$/gms);
  return [...files].map(([, name = "", content = ""]) => [name, content] as const);
}

/** Runs a command, whose output is what a failure shows. */
async function succeeds(project: UserProject, ...command: [string, ...string[]]): Promise<void> {
  await using program = project.start(...command);
  const { code } = await program.ended();
  expect(code, program.output).toBe(0);
}
