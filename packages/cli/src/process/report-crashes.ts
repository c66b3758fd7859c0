import type { Plan, RuntimeLog } from "@flyte-agent/runtime";
import { exitCodes } from "./exit-codes.ts";

/** Restores what the process does on an error that nobody caught. */
export type CrashWatch = () => void;

/**
 * Logs an error that nobody caught, with the plugin that it came from where the stack tells, and ends the process: its
 * state is no longer known, and whoever runs it starts it again.
 */
export function reportCrashes(plan: Plan, log: RuntimeLog): CrashWatch {
  const onError = (reason: unknown): void => {
    log.error("the server ends: an error was not caught", { plugin: pluginInStack(plan, reason), error: reason });
    process.exit(exitCodes.failed);
  };
  process.on("uncaughtException", onError);
  process.on("unhandledRejection", onError);
  return () => {
    process.off("uncaughtException", onError);
    process.off("unhandledRejection", onError);
  };
}

function pluginInStack({ entries }: Plan, reason: unknown): string | undefined {
  const stack = reason instanceof Error ? (reason.stack ?? "") : "";
  const owner = entries.find(({ candidate }) => stack.includes(`${candidate.directory}/`));
  return owner?.manifest?.id;
}
