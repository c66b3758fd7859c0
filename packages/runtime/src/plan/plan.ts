import type { Manifest } from "../discovery/manifest.ts";
import type { TaskCategory } from "../seam/agent-calls.ts";

/** A package on disk that declares or seems to be a plugin. */
export interface Candidate {
  /** The name under which it is installed; of a directory named by its path, the name in its `package.json`. */
  readonly packageName: string;
  /** Id of its plugin; where the manifest cannot be read, the one that it claims or that follows from the name. */
  readonly pluginId: string;
  /** `""` if its `package.json` has none or could not be read. */
  readonly packageVersion: string;
  /** Real path of the package's directory; where it was expected if it is not there. */
  readonly directory: string;
  /** How it was found. */
  readonly source: CandidateSource;
}

/** How a candidate was found: by the configuration, by `--modules`, as a dependency of the app root, or by the scan. */
export type CandidateSource = "config" | "modules-flag" | "dependency" | "scan";

/** What was decided on a candidate. `code` is stable; `reason` and `fix` are sentences for the operator. */
export type Verdict =
  | { readonly kind: "accepted" }
  | ({ readonly kind: "disabled" } & Refusal)
  /** Present on disk, but nobody asked for it: not a dependency of the app root and not in the configuration. */
  | ({ readonly kind: "inactive" } & Refusal)
  | ({ readonly kind: "rejected" } & Refusal);

/** Why a candidate is not served, and what to do about it. */
export interface Refusal {
  /** Why, in one word. */
  readonly code: VerdictCode;
  /** Why, in a sentence. */
  readonly reason: string;
  /** What to do; `""` if there is nothing. */
  readonly fix: string;
}

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
  | "entry-not-found"
  | "duplicate-id"
  | "shadowed";

/** One step of how a decision came about, for `why`. */
export interface PlanStep {
  /** What was looked at. */
  readonly step: string;
  /** What was found. */
  readonly outcome: string;
}

/** A candidate, what was decided, and how. */
export interface PlanEntry {
  /** The package that was looked at. */
  readonly candidate: Candidate;
  /** Absent where the manifest could not be read. */
  readonly manifest: Manifest | undefined;
  /** Path of the module to import; set where the verdict is `accepted`. */
  readonly entryFile: string | undefined;
  /** Whether it is served, and why not. */
  readonly verdict: Verdict;
  /** What was looked at, in order. */
  readonly trace: readonly PlanStep[];
}

/** Plugins of which the start must not choose one by itself. */
export type PlanConflict =
  /** Accepted plugins that claim one task category, without a route that decides. */
  | { readonly kind: "task-type"; readonly category: TaskCategory; readonly claimants: readonly PlanEntry[] }
  /** Packages whose plugins have one id; all of them are rejected. */
  | { readonly kind: "id"; readonly id: string; readonly claimants: readonly PlanEntry[] };

/**
 * The decision on every candidate package, made before any plugin code runs. Plain data: the same files and
 * configuration always give the same plan.
 */
export interface Plan {
  /** Whose package.json names the plugins. */
  readonly appRoot: string;
  /** The configuration file that was used, an absolute path. */
  readonly configFile: string | undefined;
  /** `scan` where `node_modules` decided, `auto` where the app root's `package.json` did. */
  readonly discovery: "auto" | "scan";
  /** In the order in which plugins are loaded: listed ones, then by package name in code-unit order. */
  readonly entries: readonly PlanEntry[];
  /** Which plugin (by id) serves a category, by `categoryKey`, conflicts resolved by routes. */
  readonly owners: ReadonlyMap<string, string>;
  /** Task types that more than one plugin claims; the server does not start with any. */
  readonly conflicts: readonly PlanConflict[];
  /**
   * Names in the configuration that stop the start: routes and options that lead to no plugin, and entries of `disabled`
   * and `deny` that are most likely mistyped. A sentence each.
   */
  readonly settingProblems: readonly string[];
  /** Things that are not wrong but worth a word, for example a peer range that does not match. */
  readonly warnings: readonly string[];
}
