import { createLog, prettyLine, type RuntimeLog } from "@flyte-agent/runtime";
import { AgentError } from "@flyte-agent/sdk";
import type { Printer } from "../print/terminal.ts";

const levels = ["debug", "info", "warn", "error"] as const;

/**
 * Makes the log of agents that run in this process. Unless a level is asked for it shows only what the result cannot
 * say: an error that nobody foresaw, with its stack.
 *
 * @throws AgentError `invalid_config` for an unknown level.
 */
export function createRunLog(level: string | undefined, printer: Printer): RuntimeLog {
  const known = levels.find((name) => name === (level ?? "error"));
  if (known === undefined)
    throw new AgentError("invalid_config", `--log-level: got "${level}", expected ${levels.join(", ")}`);
  return createLog(
    { level: known, format: "json" },
    {
      write(line) {
        if (level !== undefined || isUnforeseen(line)) printer.write(prettyLine(line));
      },
    },
  );
}

function isUnforeseen(line: string): boolean {
  const record: unknown = JSON.parse(line);
  const outcome = typeof record === "object" && record !== null && "outcome" in record ? record.outcome : undefined;
  // Lines without an outcome are not about a call: a plugin that cannot be loaded, for one.
  return outcome === undefined || outcome === "plugin_failed";
}
