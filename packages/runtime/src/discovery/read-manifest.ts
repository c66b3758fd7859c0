import { pathText } from "@flyte-agent/sdk/host";
import { categoryKey } from "../seam/agent-calls.ts";
import { checkData } from "../validation/check-data.ts";
import { problemText } from "../validation/schema-problem.ts";
import type { Manifest } from "./manifest.ts";
import { type ManifestInput, manifestSchema } from "./manifest-schema.ts";
import { defaultPluginId, pluginIdPattern } from "./plugin-id.ts";

/** The key of `package.json` that holds the manifest. */
export const manifestKey = "flyte-agent";

/** Outcome of {@link readManifest}. */
export type ManifestResult =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "none" }
  /** Written for a newer runtime. */
  | { readonly kind: "unknown-version"; readonly version: number; readonly claimedId: string }
  /** A sentence for each thing that is wrong, with its place in front. */
  | { readonly kind: "invalid"; readonly problems: readonly string[]; readonly claimedId: string };

/**
 * Reads the manifest out of the content of a `package.json`.
 *
 * @param packageName the package's name, from which a plugin without an `id` gets its own.
 */
export function readManifest(packageFile: Readonly<Record<string, unknown>>, packageName: string): ManifestResult {
  if (!Object.hasOwn(packageFile, manifestKey)) return { kind: "none" };
  const written = packageFile[manifestKey];
  const claimedId = idIn(written) ?? defaultPluginId(packageName);
  const version =
    typeof written === "object" && written !== null && "manifestVersion" in written
      ? written.manifestVersion
      : undefined;
  if (typeof version === "number" && Number.isInteger(version) && version > 1)
    return { kind: "unknown-version", version, claimedId };
  const checked = checkData(manifestSchema, withoutExtensions(written));
  if (checked.kind === "wrong") {
    const problems = checked.problems.map((problem) => problemText(place(problem.path), problem));
    return { kind: "invalid", problems, claimedId };
  }
  const manifest = withDefaults(checked.value, packageName);
  const twice = repeatedAgent(manifest);
  if (twice === undefined) return { kind: "manifest", manifest };
  const problem = `${place(["taskTypes", twice])}: ${agentKey(manifest, twice)} is declared twice`;
  return { kind: "invalid", problems: [problem], claimedId };
}

function withDefaults(input: ManifestInput, packageName: string): Manifest {
  const id = input.id ?? defaultPluginId(packageName);
  return {
    apiVersion: input.apiVersion,
    id,
    entry: input.entry,
    agents: input.taskTypes.map(({ name, version, mode, agent }) => ({
      category: { name, version: version ?? 0 },
      mode: mode ?? "async",
      name: agent ?? input.displayName ?? id,
    })),
    displayName: input.displayName,
    docs: input.docs,
    secrets: input.secrets ?? [],
    env: input.env ?? [],
    isolation: input.isolation ?? "inline",
    load: input.load ?? "warm",
    permissions: {
      net: input.permissions?.net ?? [],
      fsRead: input.permissions?.fsRead ?? [],
      fsWrite: input.permissions?.fsWrite ?? [],
      childProcess: input.permissions?.childProcess ?? false,
      nativeAddons: input.permissions?.nativeAddons ?? false,
    },
    timeouts: {
      importMs: input.timeouts?.import ?? 10_000,
      activateMs: input.timeouts?.activate ?? 30_000,
      requestMs: input.timeouts?.request,
    },
  };
}

/** The id in a manifest that may have other mistakes. */
function idIn(written: unknown): string | undefined {
  const id = typeof written === "object" && written !== null && "id" in written ? written.id : undefined;
  return typeof id === "string" && pluginIdPattern.test(id) ? id : undefined;
}

/** Keys that start with `x-` belong to the author and to tools. */
function withoutExtensions(written: unknown): unknown {
  if (typeof written !== "object" || written === null || Array.isArray(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([key]) => !key.startsWith("x-")));
}

function repeatedAgent(manifest: Manifest): number | undefined {
  const keys = manifest.agents.map(({ category }) => categoryKey(category));
  const index = keys.findIndex((key, at) => keys.indexOf(key) < at);
  return index < 0 ? undefined : index;
}

function agentKey(manifest: Manifest, index: number): string {
  const agent = manifest.agents[index];
  return agent === undefined ? "" : categoryKey(agent.category);
}

function place(path: readonly (string | number)[]): string {
  return pathText([manifestKey, ...path]);
}
