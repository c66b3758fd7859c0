/** Why a run was stopped before its task ended. */
export type StopReason = "cancelled" | "timeout";

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

/** Makes one signal of the caller's and of a time limit. */
export function startStopSignal(options: {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number | undefined;
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
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => stop("timeout"), options.timeoutMs);
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
      clearTimeout(lateTimer);
      options.signal?.removeEventListener("abort", cancel);
    },
  };
}
