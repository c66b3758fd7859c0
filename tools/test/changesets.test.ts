import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const changeset = join(root, "node_modules/.bin/changeset");
const manifests = globSync(["package.json", "{packages,plugins,examples}/*/package.json", "*/package.json"], {
  cwd: root,
});
const run = promisify(execFile);

let copy: string;

// A release with a minor change of the SDK, in a copy of what changesets read.
beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "flyte-agent-changesets-"));
  for (const file of [...manifests, "pnpm-workspace.yaml", "pnpm-lock.yaml", ".changeset/config.json"]) {
    await cp(join(root, file), join(copy, file));
  }
  await writeFile(join(copy, ".changeset/a.md"), '---\n"@flyte-agent/sdk": minor\n---\n\nSomething new.\n');
  const git = ["-c", "user.name=test", "-c", "user.email=test@example.com"];
  await run("git", ["init", "--quiet", "--initial-branch=main"], { cwd: copy });
  await run("git", ["add", "--all"], { cwd: copy });
  await run("git", [...git, "commit", "--quiet", "--message=start"], { cwd: copy });
  await run(changeset, ["version"], { cwd: copy });
}, 60_000);

afterAll(() => rm(copy, { recursive: true }));

it("gives the server's own packages one version", async () => {
  const own = globSync("packages/*", { cwd: root });
  const versions = await Promise.all(own.map(async (directory) => (await readManifest(copy, directory)).version));
  expect(new Set(versions).size).toBe(1);
  expect(versions[0]).not.toBe((await readManifest(root, "packages/sdk")).version);
});

it("writes what has changed", async () => {
  expect(await readFile(join(copy, "packages/sdk/CHANGELOG.md"), "utf8")).toContain("Something new.");
});

it.each(globSync(["plugins/*", "examples/*-plugin"], { cwd: root }))(
  "leaves the range of %s's peer as it is",
  async (directory) => {
    const { version, peerDependencies } = await readManifest(copy, directory);
    expect(peerDependencies).toEqual({ "@flyte-agent/sdk": ">=0.1 <2" });
    expect(version).toBe((await readManifest(root, directory)).version);
  },
);

async function readManifest(base: string, directory: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(base, directory, "package.json"), "utf8"));
}
