import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plan, packageCommands } from "@flyte-agent/runtime";
import { readJsonObject } from "../process/read-json-object.ts";
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
  readonly notes: readonly Finding[];
} {
  const own = packageDirectory(fileURLToPath(import.meta.resolve(sdk)));
  const users = new Map<string, string[]>([[own, ["the server"]]]);
  const notes: Finding[] = [];
  for (const { candidate, verdict } of plan.entries) {
    if (verdict.kind !== "accepted") continue;
    const directory = sdkSeenFrom(candidate.directory);
    if (directory !== undefined) users.set(directory, [...(users.get(directory) ?? []), candidate.packageName]);
    else if (needsSdk(candidate.directory)) {
      const text = `${candidate.packageName} finds no ${sdk} where it is, and gets the server's`;
      notes.push({ text, fix: "" });
    }
  }
  const copies = [...users.keys()].map((directory) => ({ version: versionOf(directory), directory }));
  if (users.size > 1) {
    const list = [...users].map(([directory, names]) => `${versionOf(directory)} for ${names.join(", ")}`).join("; ");
    const text = `${users.size} copies of ${sdk} are installed: ${list}`;
    const { dedupe } = packageCommands(plan.appRoot);
    notes.push({ text, fix: `this works; ${dedupe}, or newer releases of the plugins, may make it one` });
  }
  return { copies, notes };
}

// Asks the module system, which knows where Plug'n'Play keeps packages.
function sdkSeenFrom(directory: string): string | undefined {
  try {
    return packageDirectory(createRequire(join(directory, "package.json")).resolve(sdk));
  } catch {
    return undefined;
  }
}

// A plugin that was bundled brings the SDK within its own files.
function needsSdk(directory: string): boolean {
  const { dependencies, peerDependencies } = readJsonObject(join(directory, "package.json"));
  return [dependencies, peerDependencies].some((names) => typeof names === "object" && names !== null && sdk in names);
}

function versionOf(directory: string): string {
  return String(readJsonObject(join(directory, "package.json")).version ?? "unknown");
}

function packageDirectory(file: string): string {
  let directory = dirname(file);
  while (!existsSync(join(directory, "package.json")) && directory !== dirname(directory))
    directory = dirname(directory);
  return realpathSync(directory);
}
