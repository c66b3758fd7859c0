import { readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plan } from "@flyte-agent/runtime";

/** Tells the id of the plugin that an error came from, as far as its stack knows. */
export type PluginOfError = (reason: unknown) => string | undefined;

interface Owner {
  readonly id: string;
  readonly directory: string;
}

/**
 * Looks for plugins in the stacks of errors and of their causes: in frames of a plugin's own files first, then in those of a
 * package that only one plugin depends on. An error that only Node's own frames saw (a connection that was reset) has none.
 */
export function createPluginOfError({ entries }: Plan): PluginOfError {
  const owners = entries.flatMap(({ verdict, manifest, candidate }): readonly Owner[] =>
    verdict.kind === "accepted" && manifest !== undefined
      ? [{ id: manifest.id, directory: `${candidate.directory}${sep}` }]
      : [],
  );
  let dependants: ReadonlyMap<string, readonly string[]> | undefined;
  return (reason) => {
    const files = filesInStacks(reason);
    for (const file of files) {
      const owner = owners.find(
        ({ directory }) => file.startsWith(directory) && packageOf(file.slice(directory.length)) === undefined,
      );
      if (owner !== undefined) return owner.id;
    }
    for (const file of files) {
      const name = packageOf(file);
      if (name === undefined || name.startsWith("@flyte-agent/")) continue;
      dependants ??= dependantsOf(owners);
      const [id, ...others] = dependants.get(name) ?? [];
      if (id !== undefined && others.length === 0) return id;
    }
    return undefined;
  };
}

/** How many causes of an error are looked at. */
const maxCauses = 4;

function filesInStacks(reason: unknown): readonly string[] {
  const files: string[] = [];
  let error = reason;
  for (let causes = 0; causes <= maxCauses && error instanceof Error; causes++) {
    for (const line of String(error.stack).split("\n")) {
      const [, place] = /^\s+at .*?((?:file:\/\/)?(?:\/|[A-Za-z]:\\).*):\d+:\d+\)?$/.exec(line) ?? [];
      if (place !== undefined) files.push(place.startsWith("file://") ? fileURLToPath(place) : place);
    }
    error = error.cause;
  }
  return files;
}

/** The name of the package that a file below `node_modules` belongs to. */
function packageOf(file: string): string | undefined {
  return /.*(?:^|[\\/])node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1]?.replace("\\", "/");
}

/** The plugins that depend on a package, by its name. */
function dependantsOf(owners: readonly Owner[]): ReadonlyMap<string, readonly string[]> {
  const dependants = new Map<string, string[]>();
  for (const { id, directory } of owners) {
    for (const name of dependenciesIn(join(directory, "package.json"))) {
      dependants.set(name, [...(dependants.get(name) ?? []), id]);
    }
  }
  return dependants;
}

function dependenciesIn(file: string): readonly string[] {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    if (typeof content !== "object" || content === null || !("dependencies" in content)) return [];
    return Object.keys(content.dependencies ?? {});
  } catch {
    // It was there when the plan was made; the error itself is worth more than this.
    return [];
  }
}
