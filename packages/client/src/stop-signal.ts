/**
 * Why a run was stopped before its task ended: by its caller, because its own time is over, or because the time that the task allows
 * itself is.
 */
export type StopReason = "cancelled" | "timeout" | "task-timeout";

/** Tells a run that it is to stop. */
export interface StopSignal {
  /** Aborts at once. */
  readonly signal: AbortSignal;
  /** Aborts some seconds later: for the call that starts a job, without whose answer nobody could delete the job. */
  readonly lateSignal: AbortSignal;
  /** `undefined` as long as the run goes on. */
  readonly reason: StopReason | undefined;
  /** Lets go of timers and listeners. */
  end(): void;
}

const graceMs = 5_000;

/** Makes one signal of the caller's and of time limits. */
export function startStopSignal(options: {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
  /** The time that the task allows itself. */
  readonly taskTimeoutMs?: number | undefined;
}): StopSignal {
  const now = new AbortController();
  const late = new AbortController();
  let reason: StopReason | undefined;
  let lateTimer: NodeJS.Timeout | undefined;

  function stop(why: StopReason): void {
    if (reason !== undefined) return;
    reason = why;
    now.abort();
    lateTimer = setTimeout(() => late.abort(), graceMs);
  }
  const cancel = (): void => stop("cancelled");
  const { timeoutMs, taskTimeoutMs } = options;
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => stop("timeout"), timeoutMs);
  // Longer timers fire at once in Node.
  const isTimed = taskTimeoutMs !== undefined && taskTimeoutMs < 2 ** 31;
  const taskTimer = isTimed ? setTimeout(() => stop("task-timeout"), taskTimeoutMs) : undefined;
  if (options.signal?.aborted === true) cancel();
  else options.signal?.addEventListener("abort", cancel, { once: true });

  return {
    signal: now.signal,
    lateSignal: late.signal,
    get reason() {
      return reason;
    },
    end() {
      clearTimeout(timer);
      clearTimeout(taskTimer);
      clearTimeout(lateTimer);
      options.signal?.removeEventListener("abort", cancel);
    },
  };
}
