import { createLog, prettyLine, type RuntimeLog } from "@flyte-agent/runtime";
import { AgentError } from "@flyte-agent/sdk";
import type { Printer } from "../print/terminal.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/**
 * Makes the log of agents that run in this process. Unless a level is asked for it shows only what the result cannot
 * say: an error that nobody foresaw, with its stack, and once where every poll meets it.
 *
 * @throws AgentError `invalid_config` for an unknown level.
 */
export function createRunLog(level: string | undefined, printer: Printer): RuntimeLog {
  const known = levels.find((name) => name === (level ?? "warn"));
  if (known === undefined)
    throw new AgentError("invalid_config", `--log-level: got "${level}", expected ${levels.join(", ")}`);
  let lastStack: unknown;
  return createLog(
    { level: known },
    {
      write(line) {
        if (level === undefined) {
          // The log has just written the line as a JSON object.
          const record = JSON.parse(line) as LogRecord;
          const stack = record.error?.stack;
          if (!isUnforeseen(record) || (stack !== undefined && stack === lastStack)) return;
          lastStack = stack;
        }
        printer.write(prettyLine(line));
      },
    },
  );
}

function isUnforeseen({ level, outcome }: LogRecord): boolean {
  // Errors without an outcome are not about a call: a plugin that cannot be loaded, for one.
  return outcome === undefined ? level === "error" : outcome === "plugin_failed";
}

interface LogRecord {
  readonly level?: unknown;
  readonly outcome?: unknown;
  readonly error?: { readonly stack?: unknown };
}
