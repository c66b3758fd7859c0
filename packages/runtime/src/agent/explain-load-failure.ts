import { dirname, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { isAgentError } from "@flyte-agent/sdk";
import { packageCommands } from "../discovery/package-commands.ts";
import { readPackageFile } from "../discovery/read-package-file.ts";

/** The plugin that could not be loaded. */
export interface FailedPlugin {
  readonly id: string;
  /** Directory of its package; `undefined` if it came from no package. */
  readonly directory: string | undefined;
  readonly appRoot: string;
}

/** Why a plugin could not be loaded. */
export interface LoadFailure {
  /** For workflow users, too: no path of the server, and nothing of an error that is not ours. */
  readonly reason: string;
  /** For the operator. */
  readonly fix: string;
}

/** Puts into words why a plugin could not be loaded, and what to do about it. */
export function explainLoadFailure(reason: unknown, plugin: FailedPlugin): LoadFailure {
  if (isAgentError(reason)) return { reason: reason.message, fix: fixOf(reason.code, reason.message, plugin.id) };
  const missing = missingPackage(reason);
  if (missing !== undefined) return explainMissing(missing, plugin);
  const otherwise = `update the plugin, or disable it with plugins.disabled: [${plugin.id}]`;
  const unparsable = unparsablePlace(reason);
  if (unparsable !== undefined) {
    const { file, line, source, problem } = unparsable;
    return {
      reason: `its module cannot be parsed: ${problem} (${shortPath(file, plugin)}:${line})`,
      fix: `correct line ${line} of ${file}, which is ${JSON.stringify(source.trim())}; ${otherwise}`,
    };
  }
  const frame = firstFrame(reason, plugin);
  return {
    reason: `its module threw an error while it was loaded${frame === undefined ? "" : ` (${frame})`}`,
    fix: `see the error that was logged; ${otherwise}`,
  };
}

function fixOf(code: string, message: string, id: string): string {
  if (code !== "invalid_option") return "update the plugin, or tell its author, and restart";
  return `correct ${message.startsWith("config.") ? `config.${id} in the configuration file` : "it"} and restart`;
}

interface MissingPackage {
  readonly name: string;
  /** Yarn Plug'n'Play hands out only what a package declares. */
  readonly isUndeclared: boolean;
}

function missingPackage(reason: unknown): MissingPackage | undefined {
  if (!(reason instanceof Error) || !("code" in reason) || !/MODULE_NOT_FOUND$/.test(String(reason.code))) {
    return undefined;
  }
  const pnp = /tried to access ((?:@[\w.-]+\/)?[\w.-]+)( \(a peer dependency\))?/.exec(reason.message);
  if (pnp?.[1] !== undefined) return { name: pnp[1], isUndeclared: pnp[2] === undefined };
  // Where a package is there but its file is not, Node names a path of this machine instead.
  const [, name] = /(?:package|module) '((?:@[\w.-]+\/)?[a-zA-Z][\w.-]*)/.exec(reason.message) ?? [];
  return name === undefined ? undefined : { name, isUndeclared: false };
}

/** A package in `node_modules` gets what it needs from the app root, one that lies elsewhere from its own directory. */
function explainMissing({ name, isUndeclared }: MissingPackage, { directory, appRoot }: FailedPlugin): LoadFailure {
  const isInstalled = directory === undefined || directory.includes(`${sep}node_modules${sep}`);
  const isPeer = directory !== undefined && isPeerOf(directory, name);
  const reason = `${isPeer ? "its peer dependency" : "package"} "${name}" is not installed`;
  if (isUndeclared) {
    return {
      reason: `it uses "${name}" and does not declare it as a dependency`,
      fix: "tell its author, and declare it under packageExtensions in .yarnrc.yml until then",
    };
  }
  if (isInstalled) return { reason, fix: `${packageCommands(appRoot).add(name)}, then restart` };
  return { reason, fix: `in ${directory}: ${packageCommands(directory).add(name)}, then restart` };
}

function isPeerOf(directory: string, name: string): boolean {
  const packageFile = readPackageFile(directory);
  const peers = packageFile.kind === "read" ? packageFile.content.peerDependencies : undefined;
  return typeof peers === "object" && peers !== null && Object.hasOwn(peers, name);
}

interface UnparsablePlace {
  readonly file: string;
  readonly line: number;
  readonly source: string;
  readonly problem: string;
}

/** What Node writes in front of the stack: `file:line`, the line, and a mark below it. */
function unparsablePlace(reason: unknown): UnparsablePlace | undefined {
  if (!(reason instanceof SyntaxError)) return undefined;
  const [place = "", source = ""] = (reason.stack ?? "").split("\n", 2);
  const [, file = "", line] = /^(.+):(\d+)$/.exec(place) ?? [];
  if (line === undefined) return undefined;
  return { file: pathOf(file), line: Number(line), source, problem: reason.message };
}

/** The place in the plugin's own files that is nearest to where an error was made, as `dist/index.js:12:7`. */
function firstFrame(reason: unknown, plugin: FailedPlugin): string | undefined {
  if (!(reason instanceof Error) || plugin.directory === undefined) return undefined;
  for (const [, place = "", position = ""] of (reason.stack ?? "").matchAll(
    /\bat .*?((?:file:\/\/)?\/.+?):(\d+:\d+)/g,
  )) {
    const file = pathOf(place);
    const isDependency = relative(plugin.directory, file).includes("node_modules");
    if (file.startsWith(plugin.directory + sep) && !isDependency) return `${shortPath(file, plugin)}:${position}`;
  }
  return undefined;
}

function shortPath(file: string, { directory }: FailedPlugin): string {
  const start = directory ?? dirname(file);
  return file.startsWith(start + sep) ? relative(start, file) : "";
}

function pathOf(place: string): string {
  return place.startsWith("file:") && URL.canParse(place) ? fileURLToPath(place) : place;
}
