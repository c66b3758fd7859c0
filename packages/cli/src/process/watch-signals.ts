import { constants } from "node:os";
import { findScriptShell } from "./script-shell.ts";

/** A signal that asks the process to end. */
export type StopSignal = "SIGTERM" | "SIGINT" | "SIGHUP";

/** Why the process is to end: a signal, or the end of the npm that runs it, which had a signal and did not hand it on. */
export type StopRequest = StopSignal | "the end of its parent";

/** The first two requests to end. */
export interface SignalWatch {
  readonly first: Promise<StopRequest>;
  /** The user is in a hurry. */
  readonly second: Promise<StopSignal>;
  /** Signals have their usual effect again. */
  end(): void;
}

// npm and npx pass on a Ctrl-C that the terminal has already sent to everyone: those two are one.
const sameRequestMs = 500;

const stopSignals: readonly StopSignal[] = ["SIGTERM", "SIGINT", "SIGHUP"];

/** Takes over SIGTERM, SIGINT and SIGHUP, and watches whether the npm that runs this process ends. */
export function watchSignals(): SignalWatch {
  const first = Promise.withResolvers<StopRequest>();
  const second = Promise.withResolvers<StopSignal>();
  let firstMs: number | undefined;
  const begin = (request: StopRequest): void => {
    firstMs ??= performance.now();
    first.resolve(request);
  };
  const listeners = stopSignals.map((signal) => {
    const listener = (): void => {
      if (firstMs === undefined) begin(signal);
      else if (performance.now() - firstMs > sameRequestMs) second.resolve(signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  // Never a second request: at a Ctrl-C npm ends after this process has heard of it, too.
  const endShellWatch = watchScriptShell(() => begin("the end of its parent"));
  return {
    first: first.promise,
    second: second.promise,
    end() {
      for (const { signal, listener } of listeners) process.off(signal, listener);
      endShellWatch();
    },
  };
}

/** How often it is looked whether the parent is still the same. */
const shellWatchMs = 200;

function watchScriptShell(onEnd: () => void): () => void {
  const shell = findScriptShell(process);
  if (shell === undefined) return () => {};
  const timer = setInterval(() => {
    if (process.ppid === shell.pid) return;
    clearInterval(timer);
    onEnd();
  }, shellWatchMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** The exit code of a process that such a request ended: 130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP. */
export function stopExitCode(request: StopRequest): number {
  return 128 + constants.signals[request === "the end of its parent" ? "SIGTERM" : request];
}
