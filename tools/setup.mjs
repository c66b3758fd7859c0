/**
 * Makes a clone runnable: installs, generates, compiles. Each step is skipped when its inputs are those of the last time.
 *
 * With `--sources` only what runs is compiled, not the tests: a server starts while a test is being written.
 *
 * Plain JavaScript for Node 20: it runs before the Node that the repository itself installs. Reports on stderr, so that stdout
 * belongs to the command that follows.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { generate } from "./generate.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");
const pnpm = "pnpm@12.21.0";
const run = promisify(execFile);

try {
  await step(`install dependencies with ${pnpm}`, install);
  await step("generate code from protobuf", () => generate());
  await step("compile", compile);
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}

/** Says what is done before it is done; the time follows on the same line. */
async function step(name, action) {
  const start = performance.now();
  process.stderr.write(`setup: ${name} … `);
  const done = await action();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stderr.write(done ? `${seconds} s\n` : "nothing to do\n");
}

async function install() {
  const stamp = join(root, "node_modules/.flyte-agent-setup");
  const inputs = hashOfManifests();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) {
    return false;
  }
  await runTool("npx", ["-y", pnpm, "install", "--frozen-lockfile"]);
  writeFileSync(stamp, inputs);
  return true;
}

/** The lock file, the workspace file and every manifest: a package that is added or renamed must be linked again. */
function hashOfManifests() {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}\0`);
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", "package.json", ...manifestsOfPackages()]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0`).update(content).update("\0");
  }
  return hash.digest("hex");
}

function manifestsOfPackages() {
  const inFolders = ["packages", "plugins", "examples"].flatMap((folder) =>
    existsSync(join(root, folder)) ? readdirSync(join(root, folder)).map((name) => join(folder, name)) : [],
  );
  const manifests = [...inFolders, "e2e", "interop", "bench"].map((directory) => join(directory, "package.json"));
  return manifests.filter((file) => existsSync(join(root, file))).sort((a, b) => a.localeCompare(b));
}

/** `tsc -b` itself knows what is up to date. */
async function compile() {
  const projects = process.argv.includes("--sources") ? sourceProjects() : [];
  await runTool(join(bin, "tsc"), ["--build", ...projects]);
  return true;
}

function sourceProjects() {
  const packages = ["packages", "plugins"].flatMap((folder) =>
    readdirSync(join(root, folder)).map((name) => join(folder, name, "tsconfig.src.json")),
  );
  return packages.filter((file) => existsSync(join(root, file)));
}

/** Runs a program with the repository's own Node first on the PATH; its output is shown only if it fails. */
async function runTool(program, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  try {
    await run(program, args, { cwd: root, env, maxBuffer: 64 * 1024 * 1024 });
  } catch (error) {
    throw new Error(`\`${program} ${args.join(" ")}\` failed:\n${error.stdout ?? ""}${error.stderr || error.message}`);
  }
}
