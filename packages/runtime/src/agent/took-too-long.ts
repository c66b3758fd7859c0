import { AgentError } from "@flyte-agent/sdk";

/**
 * A plugin's own work did not end in its time.
 *
 * @param what the work, as the sentence begins.
 */
export function tookTooLong(what: string, timeoutMs: number): AgentError {
  return new AgentError("plugin_failed", `${what} took longer than ${timeoutMs / 1000} s`);
}
