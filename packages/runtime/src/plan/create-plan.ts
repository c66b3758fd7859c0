import type { ResolvedConfig } from "../config/resolved-config.ts";
import { createPackageLocator } from "../discovery/create-package-locator.ts";
import { findCandidates } from "../discovery/find-candidates.ts";
import { packageCommands } from "../discovery/package-commands.ts";
import { readAppRoot } from "../discovery/read-app-root.ts";
import { resolvePluginPath } from "../files/plugin-path.ts";
import { assignOwners } from "./assign-owners.ts";
import { type DecidedEntry, decideCandidate } from "./decide-candidate.ts";
import { nameProblems } from "./name-problems.ts";
import type { Plan } from "./plan.ts";
import { planWarnings } from "./plan-warnings.ts";
import { rejectDuplicateIds } from "./reject-duplicate-ids.ts";
import { sdkVersion } from "./sdk-version.ts";
import { shadowCopies } from "./shadow-copies.ts";

/** What {@link createPlan} decides by. */
export interface PlanInput {
  /** Absolute path; {@link ResolvedConfig.appRoot}. */
  readonly appRoot: string;
  /** Which plugins the operator wants. */
  readonly config: Pick<ResolvedConfig, "configFile" | "plugins" | "config">;
  /** What `--modules` named: packages, or paths relative to `cwd`. @default none */
  readonly modules?: readonly string[];
  /** @default process.cwd() */
  readonly cwd?: string;
  /** Version of Node that `engines.node` is compared with, without the `v`. @default the running one */
  readonly nodeVersion?: string;
}

/**
 * Decides on every package that is activated: the dependencies of the app root, what the configuration lists, and what
 * `--modules` names; where the app root has no `package.json` or `plugins.discovery` is `scan`, every package in
 * `node_modules`. Reads manifests, runs no plugin code.
 *
 * Plugins that conflict do not make it throw, so that a plan can always be shown: see `assertNoConflicts` and `assertNoRejections`.
 *
 * @throws AgentError `invalid_config` if the app root's `package.json` cannot be used, or Yarn Plug'n'Play is not active.
 */
export function createPlan(input: PlanInput): Plan {
  const { appRoot, config } = input;
  const dependencies = readAppRoot(appRoot);
  const discovery = dependencies === undefined || config.plugins.discovery === "scan" ? "scan" : "auto";
  const cwd = input.cwd ?? process.cwd();
  const found = findCandidates({
    locator: createPackageLocator(appRoot),
    list: config.plugins.list,
    modules: (input.modules ?? []).map((module) => resolvePluginPath(module, cwd)),
    dependencies,
    scan: discovery === "scan",
  });
  const host = {
    appRoot,
    policy: config.plugins,
    nodeVersion: input.nodeVersion ?? process.versions.node,
    sdkVersion: sdkVersion(),
    commands: packageCommands(appRoot),
  };
  const decided = found
    .map((candidate) => decideCandidate(candidate, host))
    .filter((entry): entry is DecidedEntry => entry !== undefined);
  const { entries, conflicts: idConflicts } = rejectDuplicateIds(
    shadowCopies(
      decided.map(({ entry }) => entry),
      appRoot,
    ),
    appRoot,
  );
  const { owners, conflicts, routeProblems } = assignOwners(entries, config.plugins.routes);
  const plan = { appRoot, configFile: config.configFile, discovery, entries, owners } as const;
  return {
    ...plan,
    conflicts: [...idConflicts, ...conflicts],
    settingProblems: [...routeProblems, ...nameProblems(plan, config)],
    warnings: [...decided.flatMap(({ warnings }) => warnings), ...planWarnings(entries, config)],
  };
}
