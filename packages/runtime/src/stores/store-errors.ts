import { AgentError, networkReason, vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import { packageCommands } from "../discovery/package-commands.ts";
import type { StoredObject } from "./store-place.ts";

const longestKey = 200;

/** The address of an object for an error text, without an end that is too long. */
export function objectText({ scheme, bucket, key }: StoredObject): string {
  return `${scheme}://${bucket}/${key.length > longestKey ? `${key.slice(0, longestKey).toWellFormed()}…` : key}`;
}

/** The object is not there (any more). */
export function objectNotFound(object: StoredObject): AgentError {
  return new AgentError(
    "invalid_input",
    `${objectText(object)}, where Flyte stored it, does not exist (any more): run the task again from the node that made it`,
  );
}

/** The object is larger than it may be. */
export function objectTooLarge(object: StoredObject, maxBytes: number): AgentError {
  return new AgentError(
    "message_too_large",
    `${objectText(object)} is larger than the ${maxBytes} bytes that Flyte declares or the server may still read ` +
      "(inputs.offloaded.maxBytes in its configuration)",
  );
}

/** A package that the server brings only for those who need it is not there. */
export function packageMissing(name: string, purpose: string, cause: unknown): AgentError {
  return vendorMisconfigured(
    `the agent server lacks a package for ${purpose}. Its operator should run: ${packageCommands(process.cwd()).add(name)}`,
    {
      cause,
    },
  );
}

/** The store answered, but not with the object. The address is Flyte's own, so that it is not the task's fault. */
export function storeRefused(problem: string, summary: string, cause?: string): AgentError {
  return vendorMisconfigured(`${problem} (${summary})`, cause === undefined ? {} : { cause: new Error(cause) });
}

/** The store is overloaded or broken. */
export function storeInTrouble(store: string, summary: string): AgentError {
  return vendorUnavailable(`${store} is in trouble (${summary}): try again`);
}

/** The store cannot be reached, or the connection broke. */
export function storeUnreachable(store: string, cause: unknown): AgentError {
  return vendorUnavailable(`${store} cannot be reached (${networkReason(cause)}): try again`, { cause });
}

/** A variable of the environment has a value that cannot be used. The value is not shown. */
export function unusableVariable(name: string, expected: string): AgentError {
  return new AgentError("invalid_config", `environment variable ${name} of the agent server: expected ${expected}`);
}
