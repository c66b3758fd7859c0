import { isBuiltin } from "node:module";
import { posix } from "node:path";
import { allowedPackages } from "./arrows.ts";
import { importCycles } from "./import-cycles.ts";
import { type Import, importsOf } from "./imports-of.ts";

/** A package of the workspace, as far as its layer depends on it. */
export interface WorkspacePackage {
  readonly name: string;
  /** Its folder from the root: `packages/sdk`. */
  readonly directory: string;
  /** Names that what ships may import: dependencies, peer and optional dependencies. */
  readonly dependencies: readonly string[];
  /** Names that only tests may import: its own development dependencies and the root's. */
  readonly devDependencies: readonly string[];
  /** The keys of its `exports`: `.`, `./host`. */
  readonly exports: readonly string[];
}

/** A TypeScript file of the workspace. */
export interface SourceFile {
  /** Its path from the root, with slashes. */
  readonly path: string;
  readonly text: string;
}

interface LocatedImport extends Import {
  readonly path: string;
}

interface FileEdge extends LocatedImport {
  /** The imported file. */
  readonly to: string;
}

/** What is wrong with the imports of `files`, one line each: `file:line imports X: reason`. Empty when all is well. */
export function layerErrors(packages: readonly WorkspacePackage[], files: readonly SourceFile[]): string[] {
  const byName = new Map(packages.map((one) => [one.name, one]));
  return packages.flatMap((owner) => {
    const own = files.filter(({ path }) => path.startsWith(`${owner.directory}/`));
    const imports = own.flatMap(({ path, text }) => importsOf(path, text).map((found) => ({ ...found, path })));
    const errors = imports.flatMap((found) => {
      const reason = isRelative(found) ? relativeError(owner, found) : bareError(owner, found, byName);
      return reason === undefined ? [] : [errorLine(found, reason)];
    });
    return [...manifestErrors(owner, byName), ...errors, ...cycleErrors(imports)];
  });
}

/** A package that ships may depend only on what it may import. */
function manifestErrors(owner: WorkspacePackage, byName: ReadonlyMap<string, WorkspacePackage>): string[] {
  const allowed = allowedPackages({ directory: owner.directory, ships: true });
  return owner.dependencies
    .filter((name) => byName.has(name) && allowed?.includes(name) === false)
    .map((name) => `${owner.directory}/package.json depends on ${name}: ${arrowReason(owner, allowed ?? [])}`);
}

function relativeError(owner: WorkspacePackage, found: LocatedImport): string | undefined {
  const target = targetOf(found);
  if (!target.startsWith(`${owner.directory}/`)) {
    // A vendor's stand-in lives with the tests of its plugin, and the tests of several packages need it too.
    const sharesStandIns = /^plugins\/[^/]+\/test\//.test(target) && isPrivate(owner);
    if (sharesStandIns) return undefined;
    return `it is outside ${owner.directory}; import the other package by its name`;
  }
  if (ships(owner, found.path) && target.startsWith(`${owner.directory}/test/`)) {
    return "what ships must not need what only tests have";
  }
  return undefined;
}

/** Nothing of it ships, so that it may import all: `e2e`, `interop`. */
function isPrivate({ directory }: WorkspacePackage): boolean {
  return allowedPackages({ directory, ships: true }) === undefined;
}

function bareError(
  owner: WorkspacePackage,
  found: LocatedImport,
  byName: ReadonlyMap<string, WorkspacePackage>,
): string | undefined {
  if (isBuiltin(found.specifier)) {
    return undefined;
  }
  const { name, subpath } = splitSpecifier(found.specifier);
  const target = byName.get(name);
  const shipping = ships(owner, found.path);
  if (target === owner) {
    return shipping ? "a package imports its own files by relative path" : deepImportError(owner, subpath);
  }
  const allowed = allowedPackages({ directory: owner.directory, ships: shipping });
  if (target !== undefined && allowed?.includes(name) === false) {
    return arrowReason(owner, allowed);
  }
  const declared = shipping ? owner.dependencies : [...owner.dependencies, ...owner.devDependencies];
  if (!declared.includes(name)) {
    const where = shipping ? "dependencies or peerDependencies" : "dependencies or devDependencies";
    return `${name} is not declared; add it to the ${where} of ${owner.directory}/package.json`;
  }
  return target === undefined ? undefined : deepImportError(target, subpath);
}

function arrowReason(owner: WorkspacePackage, allowed: readonly string[]): string {
  const others = allowed.length === 0 ? "none of our packages" : `of our packages only ${allowed.join(", ")}`;
  return `${owner.directory} may import ${others}`;
}

function deepImportError(target: WorkspacePackage, subpath: string): string | undefined {
  return target.exports.includes(subpath)
    ? undefined
    : `${target.name} exports only ${target.exports.join(", ") || "nothing"}; a deep import bypasses its interface`;
}

function cycleErrors(imports: readonly LocatedImport[]): string[] {
  const graph = new Map<string, FileEdge[]>();
  for (const found of imports.filter(isRelative)) {
    const edges = graph.get(found.path) ?? [];
    graph.set(found.path, [...edges, { ...found, to: targetOf(found) }]);
  }
  return importCycles(graph).map(({ edge, files }) => errorLine(edge, `it closes the cycle ${files.join(" -> ")}`));
}

function isRelative({ specifier }: Import): boolean {
  return specifier.startsWith("./") || specifier.startsWith("../");
}

function targetOf({ path, specifier }: LocatedImport): string {
  return posix.join(posix.dirname(path), specifier);
}

/** Files in `src/` of a published package ship; everything else is for us. */
function ships(owner: WorkspacePackage, path: string): boolean {
  return isPublished(owner) && path.startsWith(`${owner.directory}/src/`);
}

function isPublished({ directory }: WorkspacePackage): boolean {
  return directory.startsWith("packages/") || directory.startsWith("plugins/");
}

/** `@scope/name/sub` is the package `@scope/name` and its export `./sub`. */
function splitSpecifier(specifier: string): { name: string; subpath: string } {
  const parts = specifier.split("/");
  const length = specifier.startsWith("@") ? 2 : 1;
  return { name: parts.slice(0, length).join("/"), subpath: [".", ...parts.slice(length)].join("/") };
}

function errorLine({ path, line, specifier }: LocatedImport, reason: string): string {
  return `${path}:${line} imports ${specifier}: ${reason}`;
}
