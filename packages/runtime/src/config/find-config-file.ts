import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readFailure } from "../files/read-failure.ts";
import { closeName } from "../validation/close-name.ts";
import { configUnreadable, mistypedConfigFile, secondConfigFile } from "./config-errors.ts";

/** A configuration file and its bytes. */
export interface FoundConfigFile {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: Buffer;
  /** Other configuration files in the same directory, which are not read. */
  readonly warnings: readonly string[];
}

/** The names that a configuration file may have; the first one that exists is taken. */
export const configFileNames: readonly string[] = [
  ...["yaml", "yml", "json", "js", "mjs", "ts"].map((ending) => `flyte-agent.config.${ending}`),
  ".flyte-agentrc",
  ...["yaml", "yml", "json", "js", "mjs", "ts"].map((ending) => `.flyte-agentrc.${ending}`),
];

/**
 * Looks for a configuration file in a directory and those above it, up to the app root and not beyond.
 *
 * cosmiconfig's own search is not used: it passes over files that exist and cannot be read, and a
 * `.config/config.yaml` in the working directory replaces what it would have found. `package.json` is never looked
 * at, since its key `flyte-agent` is the manifest of a plugin.
 *
 * @throws AgentError `invalid_config` if a file of such a name exists and cannot be read, or if there is none and one has
 * nearly such a name: without its configuration the server would protect less than the operator wrote down.
 */
export function findConfigFile(cwd: string, appRoot: string): FoundConfigFile | undefined {
  for (let directory = cwd; ; directory = dirname(directory)) {
    const found = configFileNames.flatMap((name) => {
      const file = join(directory, name);
      const bytes = readIfPresent(file);
      return bytes === undefined ? [] : [{ file, bytes }];
    });
    const [used, ...ignored] = found;
    if (used !== undefined) {
      return { ...used, warnings: ignored.map(({ file }) => secondConfigFile(used.file, file)) };
    }
    refuseNearMiss(directory);
    if (directory === appRoot || directory === dirname(directory)) return undefined;
  }
}

function refuseNearMiss(directory: string): void {
  for (const name of filesIn(directory)) {
    // What an editor keeps of an old version.
    const meant = name.endsWith("~") ? undefined : closeName(name, configFileNames);
    if (meant !== undefined) throw mistypedConfigFile(join(directory, name), meant);
  }
}

function filesIn(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  } catch {
    // The directory may be passed through and not be listed.
    return [];
  }
}

function readIfPresent(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const failure = readFailure(error);
    if (failure === undefined) return undefined;
    throw configUnreadable(file, failure, { cause: error });
  }
}
