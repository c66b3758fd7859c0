import { AgentError } from "@flyte-agent/sdk";

/**
 * Waits for a plugin's own work, but not for ever.
 *
 * @param what the work, as the sentence of the error begins.
 * @throws AgentError `plugin_failed` after `timeoutMs`; whatever the work throws.
 */
export async function within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new AgentError("plugin_failed", `${what} took longer than ${timeoutMs / 1000} s`)),
    timeoutMs,
  );
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
