import type { Plan, RuntimeLog, StrayErrorKind } from "@flyte-agent/runtime";
import { createPluginOfError } from "./plugin-of-error.ts";

/** What {@link watchStrayErrors} needs. */
export interface StrayErrorOptions {
  readonly plan: Plan;
  readonly log: Pick<RuntimeLog, "error">;
  /** Hears of each, also of those that are not logged. `plugin` is its id, if that can be told. */
  readonly onStray?: (kind: StrayErrorKind, plugin: string | undefined) => void;
}

/** Takes over what the process does on errors that nobody caught. */
export interface StrayErrorWatch {
  /** Settles with the first error that was thrown and not caught: what it broke off is unknown, so the process must end. */
  readonly uncaught: Promise<unknown>;
  /** Restores what Node does. */
  end(): void;
}

/** How many stray errors are logged in {@link windowMs}: a timer that throws must not fill the disk. */
const maxLines = 10;
const windowMs = 60_000;

/**
 * Logs errors that nobody caught, with the plugin that they came from where their stacks tell. After a rejected promise that
 * nobody waits for, the process goes on: nothing was broken off. After a throw in a timer or an `error` event without a listener
 * it is for the caller to end it.
 */
export function watchStrayErrors({ plan, log, onStray }: StrayErrorOptions): StrayErrorWatch {
  const uncaught = Promise.withResolvers<unknown>();
  const pluginOfError = createPluginOfError(plan);
  let windowEndMs = 0;
  let linesLeft = 0;
  let notLogged = 0;

  // Whatever was thrown, a member of it may throw in turn, and out of these handlers that would end the process.
  function pluginOf(reason: unknown): string | undefined {
    try {
      return pluginOfError(reason);
    } catch {
      return undefined;
    }
  }

  function report(kind: StrayErrorKind, reason: unknown): void {
    const plugin = pluginOf(reason);
    onStray?.(kind, plugin);
    const nowMs = performance.now();
    if (nowMs > windowEndMs) {
      windowEndMs = nowMs + windowMs;
      linesLeft = maxLines;
    }
    if (linesLeft === 0) {
      notLogged += 1;
      return;
    }
    linesLeft -= 1;
    const fields = { plugin, ...(notLogged === 0 ? {} : { not_logged: notLogged }) };
    notLogged = 0;
    try {
      log.error(sentences[kind], { ...fields, error: reason });
    } catch {
      log.error(sentences[kind], { ...fields, error: "it cannot be shown: looking at it throws" });
    }
  }

  const onException = (reason: unknown): void => {
    report("exception", reason);
    uncaught.resolve(reason);
  };
  const onRejection = (reason: unknown): void => report("rejection", reason);
  process.on("uncaughtException", onException);
  process.on("unhandledRejection", onRejection);
  return {
    uncaught: uncaught.promise,
    end() {
      process.off("uncaughtException", onException);
      process.off("unhandledRejection", onRejection);
      if (notLogged > 0) log.error("more errors were not caught", { not_logged: notLogged });
    },
  };
}

const sentences = {
  exception: "an error was not caught",
  rejection: "a promise was rejected and nobody waited for it",
} as const;
