import { extname } from "node:path";
import { defaultLoaders } from "cosmiconfig";
import { decodeText } from "../files/decode-text.ts";
import {
  configEmpty,
  configFileEnding,
  configIsFunction,
  configNoDefaultExport,
  configSyntax,
} from "./config-errors.ts";
import { locateSyntaxError } from "./locate-syntax-error.ts";

/** What a configuration file holds, not checked yet. */
export interface ReadConfigFile {
  readonly content: unknown;
  /** The text of a file that is data (YAML or JSON), for naming lines; `undefined` if it is a program. */
  readonly text: string | undefined;
}

const programs = [".js", ".mjs", ".cjs", ".ts", ".mts", ".cts"];

/**
 * Reads a configuration file by its ending: YAML (also without an ending), JSON, or a module whose default export is
 * the configuration. Node itself strips the types of a `.ts` file, so nothing is written to the disk.
 *
 * @throws AgentError `invalid_config` if it cannot be parsed, is empty, or exports a function.
 */
export async function readConfigFile(file: string, bytes: Buffer): Promise<ReadConfigFile> {
  const text = decodeText(bytes);
  if (text.split("\n").every((line) => /^\s*(?:#|$)/.test(line))) throw configEmpty(file);
  const content = await load(file, text);
  const isProgram = programs.includes(extname(file));
  if (isProgram && content === undefined) throw configNoDefaultExport(file);
  if (content === undefined || content === null) throw configEmpty(file);
  if (typeof content === "function") throw configIsFunction(file);
  return { content, text: isProgram ? undefined : text };
}

async function load(file: string, text: string): Promise<unknown> {
  const loader = defaultLoaders[loaderName(file)];
  if (loader === undefined) throw configFileEnding(file, [".yaml", ".yml", ".json", ...programs]);
  try {
    return await loader(file, text);
  } catch (error) {
    const { position, key, problem } = locateSyntaxError(file, text, error);
    throw configSyntax(file, position, key, problem, { cause: error });
  }
}

function loaderName(file: string): keyof typeof defaultLoaders {
  const ending = extname(file);
  // An unknown ending finds no loader, which `load` reports.
  return (ending === "" ? "noExt" : ending) as keyof typeof defaultLoaders;
}
