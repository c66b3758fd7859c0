/** Where a file stands, as far as that decides what it may import. */
export interface Place {
  /** Folder of its package: `packages/sdk`. */
  readonly directory: string;
  /** Whether it ships (`src/`) or not (`test/` and private packages' files). */
  readonly ships: boolean;
}

/** Which of our packages each package may import. */
const packages: Readonly<Record<string, readonly string[]>> = {
  "packages/idl": [],
  "packages/literals": ["@flyte-agent/idl"],
  "packages/sdk": ["@flyte-agent/idl", "@flyte-agent/literals"],
  "packages/client": ["@flyte-agent/idl", "@flyte-agent/sdk"],
  "packages/runtime": ["@flyte-agent/idl", "@flyte-agent/literals", "@flyte-agent/sdk"],
  "packages/cli": ["@flyte-agent/client", "@flyte-agent/idl", "@flyte-agent/sdk", "@flyte-agent/runtime"],
  "packages/testing": ["@flyte-agent/client", "@flyte-agent/idl", "@flyte-agent/sdk", "@flyte-agent/runtime"],
};

/**
 * The names of our own packages that a file at `place` may import besides its own; undefined when it may import all.
 *
 * A plugin sees the SDK only: that is what lets it live in another repository, and what lets the runtime change.
 */
export function allowedPackages({ directory, ships }: Place): readonly string[] | undefined {
  if (directory.startsWith("plugins/")) {
    return ships ? ["@flyte-agent/sdk"] : ["@flyte-agent/sdk", "@flyte-agent/testing"];
  }
  if (!directory.startsWith("packages/")) {
    return undefined;
  }
  const allowed = packages[directory];
  if (allowed === undefined) {
    throw new Error(`${directory} has no layer; add it to tools/layers/arrows.ts`);
  }
  return allowed;
}
