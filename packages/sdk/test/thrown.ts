import { type AgentErrorCode, isAgentError } from "@flyte-agent/sdk";

/** The code and the message of the AgentError that a function throws, as `code: message`. */
export function thrown(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isAgentError(error)) return `${error.code satisfies AgentErrorCode}: ${error.message}`;
    throw error;
  }
  throw new Error("nothing was thrown");
}
