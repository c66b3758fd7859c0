import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plan } from "@flyte-agent/runtime";
import type { Finding } from "./finding.ts";

const sdk = "@flyte-agent/sdk";

/** One copy of the SDK on disk. */
export interface SdkCopy {
  readonly version: string;
  readonly directory: string;
}

/** The copies of the SDK that the server and its plugins would load. */
export function findSdkCopies(plan: Plan): {
  readonly copies: readonly SdkCopy[];
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
} {
  const own = packageDirectory(dirname(fileURLToPath(import.meta.resolve(sdk))));
  const users = new Map<string, string[]>([[own, ["the server"]]]);
  const problems: Finding[] = [];
  for (const { candidate, verdict } of plan.entries) {
    if (verdict.kind !== "accepted") continue;
    const directory = sdkSeenFrom(candidate.directory);
    if (directory !== undefined) users.set(directory, [...(users.get(directory) ?? []), candidate.packageName]);
    else if (needsSdk(candidate.directory)) {
      const text = `${candidate.packageName} needs ${sdk}, which is not installed where it would be found`;
      problems.push({ text, fix: `npm install ${sdk}` });
    }
  }
  const copies = [...users.keys()].map((directory) => ({ version: versionOf(directory), directory }));
  const list = [...users].map(([directory, names]) => `${versionOf(directory)} for ${names.join(", ")}`).join("; ");
  const text = `${users.size} copies of ${sdk} are installed: ${list}`;
  const fix = "this works; npm dedupe, or newer releases of the plugins, may make it one";
  return { copies, problems, notes: users.size > 1 ? [{ text, fix }] : [] };
}

function sdkSeenFrom(start: string): string | undefined {
  for (let directory = start; ; directory = dirname(directory)) {
    const candidate = join(directory, "node_modules", sdk);
    if (existsSync(join(candidate, "package.json"))) return realpathSync(candidate);
    if (directory === dirname(directory)) return undefined;
  }
}

// A plugin that was bundled brings the SDK within its own files.
function needsSdk(directory: string): boolean {
  const { dependencies, peerDependencies } = readPackageFile(directory);
  return [dependencies, peerDependencies].some((names) => typeof names === "object" && names !== null && sdk in names);
}

function versionOf(directory: string): string {
  return String(readPackageFile(directory).version ?? "unknown");
}

function packageDirectory(start: string): string {
  let directory = start;
  while (!existsSync(join(directory, "package.json")) && directory !== dirname(directory))
    directory = dirname(directory);
  return realpathSync(directory);
}

function readPackageFile(directory: string): {
  readonly version?: unknown;
  readonly dependencies?: unknown;
  readonly peerDependencies?: unknown;
} {
  try {
    const content: unknown = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
    return typeof content === "object" && content !== null ? content : {};
  } catch {
    // Plug'n'Play keeps packages in archives; the plan has read what matters.
    return {};
  }
}
