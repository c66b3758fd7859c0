import { callCancelled, deadlineExceeded, serverStopping } from "../seam/call-errors.ts";

/** A caller that waits for an answer. */
export interface Caller {
  /** Calls back when the caller goes away, at once if it has gone. It may also come after the answer: that means nothing. */
  whenGone(leave: () => void): void;
  /** Milliseconds since 1970 at which the caller stops waiting, `undefined` if it waits for ever. */
  readonly deadlineMs: number | undefined;
}

/** The calls that are being answered. Caller, deadline and shutdown become one signal per call. */
export interface OpenCalls {
  /** Runs the work of one call. The signal's reason is an AgentError that says who stopped waiting. */
  run<Answer>(caller: Caller, work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer>;
  readonly count: number;
  /** Aborts every call that is still open: the server does not wait any longer. */
  abortAll(): void;
}

// A shared reason is much cheaper than the DOMException that abort() makes on its own.
const reasons = { cancelled: callCancelled(), stopping: serverStopping(), deadline: deadlineExceeded() } as const;

/**
 * How long before the caller's deadline a call is cut, so that the caller hears our answer rather than its own
 * time-out: a tenth of the time, 10 to 250 milliseconds.
 */
function cutBeforeDeadlineMs(timeoutMs: number): number {
  return Math.min(250, Math.max(10, timeoutMs / 10));
}

// Longer timers fire at once in Node; a deadline that far away is none.
const longestTimerMs = 2 ** 31 - 1;

/** Makes the set of open calls of one server. */
export function createOpenCalls(): OpenCalls {
  // One controller per open call in a set: AbortSignal.any over a signal that lives as long as the server leaks.
  const open = new Set<AbortController>();
  return {
    get count() {
      return open.size;
    },
    abortAll() {
      for (const controller of open) controller.abort(reasons.stopping);
    },
    async run(caller, work) {
      const controller = new AbortController();
      // A caller whose time is up goes away too, and its message may be here before our own timer has run.
      const isLate = (): boolean => caller.deadlineMs !== undefined && Date.now() >= caller.deadlineMs;
      const cancel = (): void => controller.abort(isLate() ? reasons.deadline : reasons.cancelled);
      const timer = startTimer(caller.deadlineMs, () => controller.abort(reasons.deadline));
      open.add(controller);
      caller.whenGone(cancel);
      try {
        return await work(controller.signal);
      } finally {
        open.delete(controller);
        clearTimeout(timer);
      }
    },
  };
}

function startTimer(deadlineMs: number | undefined, onTime: () => void): NodeJS.Timeout | undefined {
  if (deadlineMs === undefined) return undefined;
  const timeoutMs = deadlineMs - Date.now();
  if (timeoutMs <= 0) {
    onTime();
    return undefined;
  }
  const waitMs = timeoutMs - cutBeforeDeadlineMs(timeoutMs);
  return waitMs > longestTimerMs ? undefined : setTimeout(onTime, Math.max(0, waitMs));
}
