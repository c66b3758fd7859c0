/**
 * Packs the packages that are published, as they are published: `node tools/pack-packages.ts [--repository <url>] <directory> [<name> …]`.
 *
 * pnpm packs; then the manifest gets the addresses that npm shows, and the package the pages of docs/ that its README points to. The
 * address of the repository stands in one place, `repository` in the root's package.json; while there is none, none is written.
 */
import { execFile } from "node:child_process";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { linkedPages, packedLinks } from "./packages/packed-links.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const run = promisify(execFile);
// The same as in setup.mjs.
const pnpm = ["npx", "--yes", "pnpm@12.21.0"] as const;

/** As much of a package.json as is read here. */
interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly repository?: string;
}

const { values, positionals } = parseArgs({ options: { repository: { type: "string" } }, allowPositionals: true });
const [destination, ...names] = positionals;
if (destination === undefined) {
  throw new Error("pack-packages: got no argument, expected the directory to write the tarballs to");
}
const repository = values.repository ?? readManifest(root).repository;
const directories = new Map(
  globSync(["packages/*", "plugins/*"], { cwd: root })
    .filter((directory) => existsSync(join(root, directory, "package.json")))
    .map((directory) => [readManifest(join(root, directory)).name, directory]),
);
const wanted = names.length > 0 ? names : [...directories.keys()];

const temporary = mkdtempSync(join(tmpdir(), "flyte-agent-pack-"));
try {
  mkdirSync(destination, { recursive: true });
  const [program, ...args] = pnpm;
  const filters = wanted.flatMap((name) => ["--filter", name]);
  await run(program, [...args, ...filters, "--recursive", "pack", "--pack-destination", temporary], { cwd: root });
  const tarballs = readdirSync(temporary).filter((file) => file.endsWith(".tgz"));
  if (tarballs.length !== wanted.length) throw new Error(`pack-packages: pnpm packed only ${tarballs.join(", ")}`);
  await Promise.all(tarballs.map((file) => complete(file, resolve(destination, file))));
} finally {
  rmSync(temporary, { recursive: true });
}

/** Unpacks a tarball, completes what is in it, and packs it again. */
async function complete(file: string, target: string): Promise<void> {
  const unpacked = join(temporary, file.slice(0, -".tgz".length));
  mkdirSync(unpacked);
  await run("tar", ["-xzf", join(temporary, file), "-C", unpacked]);
  const contents = join(unpacked, "package");
  const manifest = readManifest(contents);
  const directory = directories.get(manifest.name);
  if (directory === undefined) throw new Error(`pack-packages: there is no directory of ${manifest.name}`);
  if (repository !== undefined) {
    const addresses = {
      repository: { type: "git", url: `git+${repository}.git`, directory },
      homepage: `${repository}/tree/HEAD/${directory}#readme`,
      bugs: `${repository}/issues`,
    };
    writeFileSync(join(contents, "package.json"), `${JSON.stringify({ ...manifest, ...addresses }, undefined, 2)}\n`);
  }
  const readme = readFileSync(join(contents, "README.md"), "utf8");
  const pages = linkedPages(readme, directory);
  const context = { directory, pages, ...(repository === undefined ? {} : { repository }) };
  writeFileSync(join(contents, "README.md"), packedLinks(readme, `${directory}/README.md`, context));
  for (const page of pages) {
    mkdirSync(dirname(join(contents, page)), { recursive: true });
    writeFileSync(join(contents, page), packedLinks(readFileSync(join(root, page), "utf8"), page, context));
  }
  await run("tar", ["-czf", target, "-C", unpacked, "package"]);
}

function readManifest(directory: string): Manifest {
  return JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
}
