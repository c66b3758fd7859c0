/**
 * Waits for work that cannot be cancelled, or that others wait for too, until the signal aborts. The work then goes on unheard.
 *
 * @throws the signal's reason.
 *
 * @example
 * ```ts
 * defineSyncAgent({
 *   name: "Patient",
 *   taskType: "patient",
 *   do: async (_task, { signal }) => succeeded({ message: await untilAborted(Promise.resolve("done"), signal) }),
 * });
 * ```
 */
export async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
