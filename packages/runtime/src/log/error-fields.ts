import { isAgentError } from "@flyte-agent/sdk";

/**
 * What a log line says of an error: its sentence, and what lies behind it. An AgentError's own stack only shows where
 * the sentence was made, so it is left out.
 */
export function errorFields(reason: unknown): Readonly<Record<string, unknown>> {
  if (!isAgentError(reason)) return { error: reason };
  return { reason: reason.message, ...(reason.cause === undefined ? {} : { error: reason.cause }) };
}
