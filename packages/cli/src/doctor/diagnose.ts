import {
  assertNoConflicts,
  completePlan,
  configFileNames,
  findAppRoot,
  type Plan,
  type ResolvedConfig,
  type RuntimeLog,
} from "@flyte-agent/runtime";
import { isAgentError } from "@flyte-agent/sdk";
import { networkWarnings } from "../network/network-warnings.ts";
import { loadPlan, type PlanFlags } from "../plan/load-plan.ts";
import { noPlugins } from "../plan/no-plugins.ts";
import { type PluginRow, pluginRows } from "../plan/plugin-row.ts";
import { ownVersion } from "../process/own-version.ts";
import { printsOnStderr } from "../process/prints-on-stderr.ts";
import { mayRestart } from "../process/restart-node.ts";
import { checkPorts } from "./check-ports.ts";
import { checkSecrets } from "./check-secrets.ts";
import type { Finding } from "./finding.ts";
import type { ServedForFlyte } from "./flyte-configurations.ts";
import { loadPlugins } from "./load-plugins.ts";
import { packageLayout } from "./package-layout.ts";
import { findSdkCopies } from "./sdk-copies.ts";

/** What `doctor` found. */
export interface Diagnosis {
  /** Names and values. */
  readonly facts: readonly (readonly [string, string])[];
  readonly rows: readonly PluginRow[];
  /** What keeps something from working. */
  readonly problems: readonly Finding[];
  /** What is worth knowing and breaks nothing. */
  readonly notes: readonly Finding[];
  /** `undefined` if that could not be told. */
  readonly served: ServedForFlyte | undefined;
}

/** How far {@link diagnose} goes. */
export interface Examination {
  /** Whether plugins are loaded as `serve` loads them. Without it none of their code runs. */
  readonly load: boolean;
  /** Takes what plugins say while they are loaded. */
  readonly log: RuntimeLog;
}

/** Examines the installation. */
export async function diagnose(flags: PlanFlags, examination: Examination): Promise<Diagnosis> {
  const cwd = process.cwd();
  const root = findAppRoot(cwd);
  const place = [
    ["flyte-agent", ownVersion()],
    ["Node", `${process.versions.node} (${process.platform}, ${process.arch})`],
    ["app root", root.hasPackageFile ? root.directory : `${root.directory} (no package.json)`],
    ["packages", packageLayout(root.directory)],
  ] as const;
  try {
    const { config, plan } = await loadPlan(flags);
    return await diagnosePlan({ config, plan: completePlan(plan), place, examination });
  } catch (reason) {
    if (!isAgentError(reason)) throw reason;
    // Without a configuration or a plan there is nothing else to look at.
    const problem = { text: reason.message, fix: "correct it, then ask again" };
    return { facts: place, rows: [], problems: [problem], notes: [], served: undefined };
  }
}

async function diagnosePlan({
  config,
  plan,
  place,
  examination,
}: {
  readonly config: ResolvedConfig;
  readonly plan: Plan;
  readonly place: Diagnosis["facts"];
  readonly examination: Examination;
}): Promise<Diagnosis> {
  const rows = pluginRows(plan);
  const sdk = findSdkCopies(plan);
  const ports = await checkPorts(config.server);
  const facts = [
    ...place,
    ["configuration", config.configFile ?? `defaults (none of ${configFileNames.slice(0, 3).join(", ")}, … found)`],
    ["discovery", plan.discovery === "scan" ? "everything in node_modules" : "dependencies in package.json"],
    ["SDK", sdk.copies.map(({ version, directory }) => `${version} in ${directory}`).join("; ")],
    ["ports", ports.facts.join("; ")],
  ] as const;
  const network = networkWarnings(process, mayRestart(process)).map((text): Finding => ({ text, fix: "" }));
  const served = rows.flatMap(({ taskTypes }) => taskTypes.filter((taskType) => taskType.served));
  const planned = planProblems(plan);
  // What cannot be served together is not loaded together.
  const loads = examination.load && planned.length === 0;
  const problems = [
    ...planned,
    ...rows.filter(isRejected).map(findingOf),
    ...(await checkSecrets(plan.entries, process.env)),
    ...(loads ? await printsOnStderr(() => loadPlugins(config, plan, examination.log)) : []),
  ];
  // What keeps a plugin from being served has been said then.
  const none: Finding[] = served.length > 0 || problems.length > 0 ? [] : [noPlugins(plan.appRoot)];
  return {
    facts,
    rows,
    problems: [...problems, ...none, ...ports.problems, ...network],
    notes: [
      ...[...config.warnings, ...plan.warnings].map((text) => ({ text, fix: "" })),
      ...rows.filter(({ state }) => state === "inactive" || state === "disabled").map(findingOf),
      ...sdk.notes,
      ...ports.notes,
      ...(examination.load || served.length === 0 ? [] : [notLoaded]),
    ],
    served: { port: config.server.port, tls: config.server.tls !== undefined, taskTypes: served },
  };
}

const notLoaded: Finding = {
  text: "the plugins were not loaded: whether their options are right and their set-up succeeds was not looked at",
  fix: "",
};

function planProblems(plan: Plan): readonly Finding[] {
  try {
    assertNoConflicts(plan);
    return [];
  } catch (reason) {
    // Its text names both plugins and ends with the lines to choose from.
    if (isAgentError(reason)) return [{ text: reason.message, fix: "" }];
    throw reason;
  }
}

function isRejected({ state }: PluginRow): boolean {
  return state === "rejected";
}

function findingOf({ package: name, state, reason, fix }: PluginRow): Finding {
  return { text: `${name} is ${state}: ${reason}`, fix };
}
