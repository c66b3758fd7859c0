import { execFile } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);
const address = "https://code.example/team/flyte-agent";

let temporary: string;

beforeAll(async () => {
  temporary = await mkdtemp(join(tmpdir(), "flyte-agent-pack-test-"));
  await unpackAll([], "without");
  await unpackAll(["--repository", address], "with");
}, 120_000);

afterAll(() => rm(temporary, { recursive: true }));

it("packs every package that is not private, each with a README, keywords and a licence", async () => {
  const packed = await packedPackages("without");
  const published = globSync("{packages,plugins}/*/package.json", { cwd: root });
  expect(packed).toHaveLength(published.length);
  for (const { directory, manifest } of packed) {
    expect(existsSync(join(directory, "README.md")), directory).toBe(true);
    expect(manifest).toMatchObject({ license: "Apache-2.0", engines: { node: ">=22.18" } });
    expect(manifest.keywords, directory).toContain("flyte");
    if (String(manifest.name).startsWith("@")) expect(manifest).toMatchObject({ publishConfig: { access: "public" } });
  }
});

describe("while the repository has no address", () => {
  it("the root's package.json names none, and no package does", async () => {
    expect(JSON.parse(await readFile(join(root, "package.json"), "utf8"))).not.toHaveProperty("repository");
    for (const { manifest } of await packedPackages("without")) {
      for (const key of ["repository", "homepage", "bugs"]) expect(manifest).not.toHaveProperty(key);
    }
  });

  it("every relative link of a packed page leads to a file of the package", async () => {
    const links = (await packedPackages("without")).flatMap(({ directory }) => relativeLinks(directory));
    const resolved = await Promise.all(links);
    expect(resolved.flat().length).toBeGreaterThan(5);
    expect(resolved.flat().filter(({ file }) => !existsSync(file))).toEqual([]);
  });
});

describe("when it has one", () => {
  it("every package names it, with its own directory", async () => {
    const sdk = (await packedPackages("with")).find(({ manifest }) => manifest.name === "@flyte-agent/sdk");
    expect(sdk?.manifest).toMatchObject({
      repository: { type: "git", url: `git+${address}.git`, directory: "packages/sdk" },
      homepage: `${address}/tree/HEAD/packages/sdk#readme`,
      bugs: `${address}/issues`,
    });
  });

  it("links lead there", async () => {
    const resolved = await Promise.all(
      (await packedPackages("with")).flatMap(({ directory }) => relativeLinks(directory)),
    );
    expect(resolved.flat()).toEqual([]);
    const sdk = await readFile(join(temporary, "with/flyte-agent-sdk-0.1.0/package/README.md"), "utf8");
    expect(sdk).toContain(`(${address}/blob/HEAD/docs/writing-a-plugin.md)`);
  });
});

it.each(
  globSync(["*.md", "{docs,examples,packages,plugins,bench,interop}/**/*.md"], {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|dist|gen|evidence)$/.test(path),
  }),
)("the relative links of %s lead to files of the repository", async (page) => {
  const links = await linksOf(join(root, page));
  expect(links.filter(({ file }) => !existsSync(file))).toEqual([]);
});

async function unpackAll(flags: readonly string[], name: string): Promise<void> {
  const tarballs = join(temporary, `${name}-tarballs`);
  await run(process.execPath, [join(root, "tools/pack-packages.ts"), ...flags, tarballs]);
  for (const file of await readdir(tarballs)) {
    const target = join(temporary, name, file.slice(0, -".tgz".length));
    await run("mkdir", ["-p", target]);
    await run("tar", ["-xzf", join(tarballs, file), "-C", target]);
  }
}

async function packedPackages(name: string): Promise<{ directory: string; manifest: Record<string, unknown> }[]> {
  const directories = (await readdir(join(temporary, name))).map((entry) => join(temporary, name, entry, "package"));
  return Promise.all(
    directories.map(async (directory) => ({
      directory,
      manifest: JSON.parse(await readFile(join(directory, "package.json"), "utf8")),
    })),
  );
}

function relativeLinks(directory: string): Promise<{ page: string; file: string }[]>[] {
  return globSync("**/*.md", { cwd: directory }).map((page) => linksOf(join(directory, page)));
}

async function linksOf(page: string): Promise<{ page: string; file: string }[]> {
  const text = (await readFile(page, "utf8")).replaceAll(/^```.*?^```/gms, "");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !target.startsWith("#") && !URL.canParse(target))
    .map((target) => ({ page, file: join(dirname(page), target.split("#")[0] ?? "") }));
}
