/**
 * Checks who imports whom in this repository: `npm run check:layers`. With `-- --arrows` it also prints the arrows between folders.
 *
 * The rules are in layers/arrows.ts (which package may see which), layers/layer-errors.ts (no deep imports, no cycles, nothing
 * undeclared) and layers/folder-arrows.ts (no two folders of one `src` import each other).
 */
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { folderArrows, folderErrors } from "./layers/folder-arrows.ts";
import { layerErrors, type SourceFile, type WorkspacePackage } from "./layers/layer-errors.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** As much of a package.json as the check reads. */
interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly exports?: string | Readonly<Record<string, unknown>>;
}

const packages = findPackages();
const files = packages.flatMap(({ directory }) => findSources(directory));
const sources = packages.map(({ directory }) => `${directory}/src`);
if (process.argv.includes("--arrows")) sources.forEach(printArrows);
const errors = [...layerErrors(packages, files), ...sources.flatMap((src) => folderErrors(src, files))];
for (const error of errors) {
  console.error(error);
}
console.log(`layers: ${packages.length} packages, ${files.length} files, ${errors.length} errors`);
process.exitCode = errors.length === 0 ? 0 : 1;

function printArrows(src: string): void {
  for (const { from, to, imports } of folderArrows(src, files))
    console.log(`${src}: ${from} -> ${to} ${imports.length}`);
}

function findPackages(): WorkspacePackage[] {
  const rootTools = Object.keys(readManifest("package.json").devDependencies ?? {});
  const manifests = globSync(["packages/*", "plugins/*", "examples/*", "e2e", "interop", "bench"], { cwd: root })
    .map((directory) => join(directory, "package.json"))
    .filter((path) => existsSync(join(root, path)));
  return manifests.sort().map((path) => {
    const manifest = readManifest(path);
    const shipped = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies };
    return {
      name: manifest.name,
      directory: withSlashes(dirname(path)),
      dependencies: Object.keys(shipped),
      devDependencies: [...Object.keys(manifest.devDependencies ?? {}), ...rootTools],
      exports: typeof manifest.exports === "string" ? ["."] : Object.keys(manifest.exports ?? {}),
    };
  });
}

function findSources(directory: string): SourceFile[] {
  const paths = globSync(`${directory}/**/*.ts`, {
    cwd: root,
    exclude: (path) => /(^|[\\/])(node_modules|dist|gen|\.tsbuild)$/.test(path),
  });
  return paths.sort().map((path) => ({ path: withSlashes(path), text: readFileSync(join(root, path), "utf8") }));
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

function withSlashes(path: string): string {
  return path.split(sep).join("/");
}
