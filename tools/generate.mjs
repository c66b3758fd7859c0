/**
 * Generates packages/idl/gen from proto/ and from the IDL that Flyte and gRPC publish to npm.
 *
 * The result is not committed: it would carry Flyte's texts. Plain JavaScript for Node 20, because it runs as part of the set-up.
 * `node tools/generate.mjs [--force] [--output <dir>]`; the output directory takes the place of the repository's root.
 */
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");
const images = join(root, "packages/idl/.tsbuild");
const run = promisify(execFile);

/** What decides the output besides proto/: configuration, these two programs, and the versions of what they read and call. */
const inputFiles = ["buf.yaml", "buf.gen.yaml", "buf.flyteidl.yaml", "tools/generate.mjs", "tools/flyteidl2-image.ts"];
const inputPackages = [
  "@bufbuild/buf",
  "@bufbuild/protobuf",
  "@bufbuild/protoc-gen-es",
  "@flyteorg/flyteidl",
  "@flyteorg/flyteidl2",
  "@grpc/reflection",
  "grpc-health-check",
  "protobufjs",
];

/**
 * Generates unless the inputs are those of the last time.
 *
 * @param {{ force?: boolean, output?: string }} options
 * @returns {Promise<boolean>} whether it generated
 */
export async function generate({ force = false, output = root } = {}) {
  const stamp = join(output, "packages/idl/gen/.inputs");
  const inputs = hashOfInputs();
  if (!force && existsSync(stamp) && readFileSync(stamp, "utf8") === inputs) {
    return false;
  }
  mkdirSync(images, { recursive: true });
  await Promise.all([writeImage("flyteidl.binpb", buildFlyteidl), writeImage("flyteidl2.binpb", buildFlyteidl2)]);
  await runTool("buf", ["generate", "--output", output]);
  writeFileSync(stamp, inputs);
  return true;
}

function hashOfInputs() {
  const hash = createHash("sha256");
  const protos = readdirSync(join(root, "proto"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".proto"),
  );
  for (const file of [...inputFiles, ...protos.sort().map((name) => join("proto", name))]) {
    const content = readFileSync(join(root, file));
    hash.update(`${file}\0`).update(content).update("\0");
  }
  for (const name of inputPackages) {
    const { version } = JSON.parse(readFileSync(join(root, "node_modules", name, "package.json"), "utf8"));
    hash.update(`${name}@${version}\0`);
  }
  return hash.digest("hex");
}

/** Writes beside and renames, so that nobody reads half an image. */
async function writeImage(name, build) {
  const unfinished = join(images, `${process.pid}.${name}`);
  await build(unfinished);
  renameSync(unfinished, join(images, name));
}

/** Flyte 1, gRPC health and reflection: `.proto` files inside npm packages. */
function buildFlyteidl(image) {
  const files = [
    "@flyteorg/flyteidl/protos/flyteidl/service/agent.proto",
    "@flyteorg/flyteidl/protos/flyteidl/admin/task.proto",
    "@flyteorg/flyteidl/protos/flyteidl/core/errors.proto",
    "grpc-health-check/proto/health/v1/health.proto",
    "@grpc/reflection/build/proto/grpc/reflection/v1/reflection.proto",
    "@grpc/reflection/build/proto/grpc/reflection/v1alpha/reflection.proto",
  ];
  const paths = files.flatMap((file) => ["--path", `node_modules/${file}`]);
  return runTool("buf", ["build", "--config", "buf.flyteidl.yaml", ...paths, "--output", `${image}#format=binpb`]);
}

/** Flyte 2: descriptors inside generated TypeScript, which only the repository's own Node loads. */
function buildFlyteidl2(image) {
  return runTool("node", ["--no-warnings", "tools/flyteidl2-image.ts", image]);
}

/** Runs a program of node_modules/.bin; its output is shown only if it fails. */
async function runTool(name, args) {
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
  try {
    await run(join(bin, name), args, { cwd: root, env });
  } catch (error) {
    throw new Error(`${name} ${args[0]} failed:\n${error.stdout ?? ""}${error.stderr ?? error.message}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { force: { type: "boolean" }, output: { type: "string" } } });
  const options = values.output === undefined ? values : { ...values, output: resolve(values.output) };
  console.log((await generate(options)) ? "generated packages/idl/gen" : "packages/idl/gen is up to date");
}
