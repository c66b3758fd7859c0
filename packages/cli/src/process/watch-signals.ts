import { constants } from "node:os";

/** A signal that asks the process to end. */
export type StopRequest = "SIGTERM" | "SIGINT";

/** The first two requests to end. */
export interface SignalWatch {
  readonly first: Promise<StopRequest>;
  /** The user is in a hurry. */
  readonly second: Promise<StopRequest>;
  /** Signals have their usual effect again. */
  end(): void;
}

// npm and npx pass on a Ctrl-C that the terminal has already sent to everyone: those two are one.
const sameRequestMs = 500;

/** Takes over SIGTERM and SIGINT. */
export function watchSignals(): SignalWatch {
  const first = Promise.withResolvers<StopRequest>();
  const second = Promise.withResolvers<StopRequest>();
  let firstMs: number | undefined;
  const onSignal = (signal: NodeJS.Signals): void => {
    const request = signal === "SIGINT" ? "SIGINT" : "SIGTERM";
    if (firstMs === undefined) {
      firstMs = performance.now();
      first.resolve(request);
    } else if (performance.now() - firstMs > sameRequestMs) second.resolve(request);
  };
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  return {
    first: first.promise,
    second: second.promise,
    end() {
      process.off("SIGTERM", onSignal);
      process.off("SIGINT", onSignal);
    },
  };
}

/** The exit code of a process that a signal ended: 130 for SIGINT, 143 for SIGTERM. */
export function signalExitCode(signal: StopRequest): number {
  return 128 + constants.signals[signal];
}
