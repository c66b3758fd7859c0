import { realpathSync, statSync } from "node:fs";
import { join, relative, sep } from "node:path";
import type { Manifest } from "./manifest.ts";

/** Outcome of {@link resolveEntry}. */
export type EntryResult =
  /** Path of the module: below the directory, links in it not followed (with Plug'n'Play the path says who imports). */
  | { readonly kind: "found"; readonly file: string }
  /** `reason` is a sentence without its subject, the package. */
  | { readonly kind: "not-found"; readonly reason: string };

/** The conditions of an `import` in Node. */
const conditions = ["node", "import", "module-sync", "default"];

/**
 * Finds the module of a plugin by path: the manifest's `entry`, else `exports["./flyte-agent"]`, else the package's
 * main entry as `import` finds it. It must exist and lie inside the package, symbolic links followed.
 *
 * @param directory of the package, a real path.
 */
export function resolveEntry(
  directory: string,
  packageFile: Readonly<Record<string, unknown>>,
  manifest: Manifest,
): EntryResult {
  const { target, from } = entryTarget(packageFile, manifest);
  if (target === undefined) return { kind: "not-found", reason: `${from} names no module that can be imported` };
  const file = existingFile(join(directory, target));
  if (file === undefined) return { kind: "not-found", reason: `${from} names ${target}, which is not there` };
  const inside = relative(realpathSync(directory), realpathSync(file));
  if (inside === ".." || inside.startsWith(`..${sep}`)) {
    return { kind: "not-found", reason: `${from} names ${target}, which leads out of the package` };
  }
  return { kind: "found", file };
}

function entryTarget(
  packageFile: Readonly<Record<string, unknown>>,
  manifest: Manifest,
): { readonly target: string | undefined; readonly from: string } {
  if (manifest.entry !== undefined) return { target: manifest.entry, from: "entry of its manifest" };
  const { exports, main } = packageFile;
  if (exports !== undefined && exports !== null) {
    const own = isSubpaths(exports) ? chosenTarget(exports["./flyte-agent"]) : undefined;
    if (own !== undefined) return { target: own, from: 'exports["./flyte-agent"] of its package.json' };
    const target = chosenTarget(isSubpaths(exports) ? exports["."] : exports);
    return { target, from: "exports of its package.json" };
  }
  return typeof main === "string" && main !== ""
    ? { target: main, from: "main of its package.json" }
    : { target: "index.js", from: "its package.json has neither exports nor main, so the default" };
}

/** Picks as Node does: the first condition that holds and leads to a target. */
function chosenTarget(target: unknown): string | undefined {
  if (typeof target === "string") return target.startsWith("./") ? target : undefined;
  if (typeof target !== "object" || target === null) return undefined;
  const branches = Array.isArray(target)
    ? target
    : Object.entries(target).flatMap(([condition, branch]) => (conditions.includes(condition) ? [branch] : []));
  for (const branch of branches) {
    const found = chosenTarget(branch);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSubpaths(exports: unknown): exports is Readonly<Record<string, unknown>> {
  return (
    typeof exports === "object" &&
    exports !== null &&
    !Array.isArray(exports) &&
    Object.keys(exports).some((key) => key.startsWith("."))
  );
}

function existingFile(path: string): string | undefined {
  // `main` may leave out the ending or name a directory, as it could for `require`.
  for (const candidate of [path, `${path}.js`, join(path, "index.js")]) {
    try {
      if (statSync(candidate).isFile()) return candidate;
    } catch {
      // The next form is tried; that none is there is what the caller reports.
    }
  }
  return undefined;
}
