import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathText } from "@flyte-agent/sdk/host";
import { compareCodeUnits } from "../files/compare-code-units.ts";
import { findAppRoot } from "../files/find-app-root.ts";
import { readFailure } from "../files/read-failure.ts";
import { closeName } from "../validation/close-name.ts";
import { checkConfig } from "./check-config.ts";
import {
  configFileNotFound,
  configUnreadable,
  invalidConfig,
  mistypedVariable,
  placeInFile,
  unknownVariable,
} from "./config-errors.ts";
import { configFileSchema } from "./config-file-schema.ts";
import { type FoundConfigFile, findConfigFile } from "./find-config-file.ts";
import { locateKey } from "./locate-key.ts";
import { type ConfigLayer, mergeLayers } from "./merge-layers.ts";
import { ownVariables } from "./own-variables.ts";
import { readConfigFile } from "./read-config-file.ts";
import type { ResolvedConfig } from "./resolved-config.ts";
import { type ConfigFlags, layerFromEnv, layerFromFlags } from "./setting-layer.ts";
import { configFileVariable, settings } from "./settings.ts";
import { withoutSchemaAddress } from "./without-schema-address.ts";

/** Where configuration comes from. */
export interface ConfigSources {
  /** Directory to start from; usually the working directory. */
  readonly cwd: string;
  /** The file that `--config` names, relative to `cwd`; instead of searching for one. */
  readonly configFile?: string | undefined;
  /** What the command line set. @default none */
  readonly flags?: ConfigFlags;
  /** The environment. @default process.env */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Puts the configuration together: flags over `FLYTE_AGENT_*` variables over the configuration file over defaults.
 *
 * @throws AgentError `invalid_config` naming the file with line and key, the flag or the variable that is wrong.
 */
export async function loadConfig(sources: ConfigSources): Promise<ResolvedConfig> {
  const cwd = resolve(sources.cwd);
  const { env, warnings } = ownVariables(sources.env ?? process.env);
  const { directory: appRoot } = findAppRoot(cwd);
  const found = namedConfigFile(cwd, sources.configFile, env) ?? findConfigFile(cwd, appRoot);
  const layers: ConfigLayer[] = [
    { values: layerFromFlags(sources.flags ?? {}), baseDirectory: cwd },
    { values: layerFromEnv(env), baseDirectory: cwd },
  ];
  if (found !== undefined) layers.push(await layerFromFile(found));
  return {
    appRoot,
    configFile: found?.file,
    ...mergeLayers(layers),
    warnings: [...(found?.warnings ?? []), ...warnings, ...checkVariables(env)],
  };
}

function namedConfigFile(
  cwd: string,
  flag: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): FoundConfigFile | undefined {
  const name = flag ?? (env[configFileVariable] || undefined);
  if (name === undefined) return undefined;
  const file = resolve(cwd, name);
  try {
    return { file, bytes: readFileSync(file), warnings: [] };
  } catch (error) {
    const failure = readFailure(error);
    if (failure === undefined) throw configFileNotFound(file, flag === undefined ? configFileVariable : "--config");
    throw configUnreadable(file, failure, { cause: error });
  }
}

async function layerFromFile({ file, bytes }: FoundConfigFile): Promise<ConfigLayer> {
  const { content, text } = await readConfigFile(file, bytes);
  const values = checkConfig(configFileSchema, withoutSchemaAddress(content), (path) => {
    const place = placeInFile(file, text === undefined ? undefined : locateKey(text, path));
    return path.length === 0 ? place : `${place}: ${pathText(path)}`;
  });
  return { values, baseDirectory: dirname(file) };
}

/**
 * Gives a warning for each variable that is not known.
 *
 * @throws AgentError `invalid_config` for one that is most likely a mistyped setting without which less is protected.
 */
function checkVariables(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = [...settings.map((setting) => setting.env), configFileVariable];
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith("FLYTE_AGENT_") && !known.includes(name))
    .sort(compareCodeUnits);
  const mistyped = unknown.flatMap((name) => {
    const meant = mistypedProtection(name, known);
    return meant === undefined ? [] : [mistypedVariable(name, meant)];
  });
  if (mistyped.length > 0) throw invalidConfig(mistyped);
  return unknown.map((name) => unknownVariable(name, known));
}

function mistypedProtection(name: string, known: readonly string[]): string | undefined {
  const protecting = [...settings.filter(({ protects }) => protects).map(({ env }) => env), configFileVariable];
  // `FLYTE_AGENT_TLS_CERT` lacks the end of a name.
  const meant = closeName(name, known) ?? protecting.find((full) => full.startsWith(`${name}_`));
  return protecting.find((full) => full === meant);
}
