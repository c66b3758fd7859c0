import { AgentError } from "@flyte-agent/sdk";
import { nearestName } from "@flyte-agent/sdk/host";

/** A place in a file, counted from 1. */
export interface FilePosition {
  readonly line: number;
  readonly column: number;
}

/** Values that the schema refuses; each problem is one line, with its place in front. */
export function invalidConfig(problems: readonly string[]): AgentError {
  return new AgentError("invalid_config", problems.join("\n"));
}

/** A file as it stands in front of a message: `/app/flyte-agent.config.yaml:3:5`. */
export function placeInFile(file: string, position: FilePosition | undefined): string {
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}

/** A configuration file cannot be parsed. `key` is the one at or before the place, if it can be told. */
export function configSyntax(
  file: string,
  position: FilePosition | undefined,
  key: string | undefined,
  problem: string,
  options?: ErrorOptions,
): AgentError {
  const near = key === undefined ? "" : ` (at the key "${key}")`;
  return new AgentError("invalid_config", `${placeInFile(file, position)}: ${problem}${near}`, options);
}

/** A file exists and cannot be read; `problem` says why. */
export function configUnreadable(file: string, problem: string, options?: ErrorOptions): AgentError {
  return new AgentError("invalid_config", `${file} cannot be read: ${problem}`, options);
}

/** The file that a flag or variable names does not exist. */
export function configFileNotFound(file: string, namedBy: string): AgentError {
  return new AgentError("invalid_config", `${namedBy}: there is no file ${file}`);
}

/** The file that a flag or variable names has an ending that is not known. */
export function configFileEnding(file: string, endings: readonly string[]): AgentError {
  return new AgentError("invalid_config", `${file} is none of the known kinds of file: ${endings.join(", ")}`);
}

/** A configuration file says nothing, which is more likely a mistake than meant. */
export function configEmpty(file: string): AgentError {
  return new AgentError("invalid_config", `${file} is empty: write {} if the defaults are wanted, or remove it`);
}

/** A configuration file exports a function. */
export function configIsFunction(file: string): AgentError {
  return new AgentError("invalid_config", `${file} exports a function: export the configuration object itself`);
}

/** A module that is a configuration file has no default export. */
export function configNoDefaultExport(file: string): AgentError {
  return new AgentError("invalid_config", `${file} has no default export: write "export default { … }"`);
}

/** One of the two files of a certificate is not named. */
export function tlsIncomplete(given: string, missing: string): AgentError {
  return new AgentError("invalid_config", `${given} is set and ${missing} is not: TLS needs both`);
}

/** The agent services and the metrics cannot share a port. */
export function portsCollide(port: number): AgentError {
  return new AgentError("invalid_config", `server.port and server.prometheusPort are both ${port}: choose two ports`);
}

/** An environment variable is most likely one that protects, mistyped. */
export function mistypedVariable(name: string, meant: string): string {
  return `the environment variable ${name} is not known, did you mean ${meant}? Correct or remove it`;
}

/** A file is most likely meant to be the configuration, and its name is not. */
export function mistypedConfigFile(file: string, meant: string): AgentError {
  return new AgentError(
    "invalid_config",
    `${file} is not read, did you mean ${meant}? Rename it, or name it with --config`,
  );
}

/** Warning: an environment variable looks like one of ours and is not. */
export function unknownVariable(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? "" : `, did you mean ${nearest}?`;
  return `the environment variable ${name} is not known and was ignored${hint}`;
}

/** Warning: a variable is the address of a linked container, and there is no service that it belongs to. */
export function linkVariable(name: string, address: string): string {
  return `the environment variable ${name} is ${address}, the form of a link between containers, and counts as not set`;
}

/** Warning: a directory holds more than one configuration file. */
export function secondConfigFile(used: string, ignored: string): string {
  return `${used} is used, ${ignored} beside it is ignored`;
}
