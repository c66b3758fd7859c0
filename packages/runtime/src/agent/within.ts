import { tookTooLong } from "./took-too-long.ts";

/**
 * Waits for a plugin's own work, but not for ever.
 *
 * @param what the work, as the sentence of the error begins.
 * @throws AgentError `plugin_failed` after `timeoutMs`; whatever the work throws.
 */
export async function within<T>(timeoutMs: number, what: string, work: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tookTooLong(what, timeoutMs)), timeoutMs);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
