import type { TaskCategory } from "../host/agent-host.ts";

/** One task category that a manifest declares. */
export interface DeclaredAgent {
  readonly category: TaskCategory;
  readonly mode: "async" | "sync";
  /** The name that Flyte lists: the manifest's `taskTypes[].agent`, else its `displayName`, else the plugin's id. */
  readonly name: string;
}

/** A manifest (`package.json`, key `flyte-agent`) after validation and defaults. */
export interface Manifest {
  readonly apiVersion: number;
  /** Key in configuration, command line and metrics. */
  readonly id: string;
  /** Path of the module with the default export, relative to the package; `undefined`: the package's own entry. */
  readonly entry: string | undefined;
  readonly agents: readonly DeclaredAgent[];
  readonly displayName: string | undefined;
  readonly docs: string | undefined;
}

/** A package on disk that declares or seems to be a plugin. */
export interface Candidate {
  readonly packageName: string;
  readonly packageVersion: string;
  /** Real path of the package's directory. */
  readonly directory: string;
  /** How it was found. */
  readonly source: "config" | "modules-flag" | "dependency" | "scan";
}

/** What was decided on a candidate. `code` is stable; `reason` and `fix` are sentences for the operator. */
export type Verdict =
  | { readonly kind: "accepted" }
  | { readonly kind: "disabled"; readonly code: VerdictCode; readonly reason: string; readonly fix: string }
  /** Present on disk, but nobody asked for it: not a dependency of the app root and not in the configuration. */
  | { readonly kind: "inactive"; readonly code: VerdictCode; readonly reason: string; readonly fix: string }
  | { readonly kind: "rejected"; readonly code: VerdictCode; readonly reason: string; readonly fix: string };

/** Why a candidate was not accepted. */
export type VerdictCode =
  | "disabled-by-config"
  | "not-allowed"
  | "denied"
  | "not-a-dependency"
  | "dev-dependency"
  | "not-found"
  | "unreadable"
  | "no-manifest"
  | "invalid-manifest"
  | "unknown-manifest-version"
  | "unsupported-api-version"
  | "node-version"
  | "duplicate-id"
  | "shadowed";

/** One step of how a decision came about, for `why`. */
export interface PlanStep {
  readonly step: string;
  readonly outcome: string;
}

/** A candidate, what was decided, and how. */
export interface PlanEntry {
  readonly candidate: Candidate;
  /** Absent where the manifest could not be read. */
  readonly manifest: Manifest | undefined;
  /** Path of the module to import; set where the verdict is `accepted`. */
  readonly entryFile: string | undefined;
  readonly verdict: Verdict;
  readonly trace: readonly PlanStep[];
}

/** Two or more accepted plugins that claim one task category, without a route that decides. */
export interface PlanConflict {
  readonly category: TaskCategory;
  readonly claimants: readonly PlanEntry[];
}

/**
 * The decision on every candidate package, made before any plugin code runs. Plain data: the same files and
 * configuration always give the same plan.
 */
export interface Plan {
  readonly appRoot: string;
  /** `scan` where `node_modules` decided, `auto` where the app root's `package.json` did. */
  readonly discovery: "auto" | "scan";
  /** In the order in which plugins are loaded: listed ones, then by package name in code-unit order. */
  readonly entries: readonly PlanEntry[];
  /** Which plugin (by id) serves a category, by `categoryKey`, conflicts resolved by routes. */
  readonly owners: ReadonlyMap<string, string>;
  readonly conflicts: readonly PlanConflict[];
  /** Things that are not wrong but worth a word, for example a peer range that does not match. */
  readonly warnings: readonly string[];
}
