import { join } from "node:path";

const program = join(import.meta.dirname, "../../../packages/cli/bin/flyte-agent.mjs");

/** The command `flyte-agent` of this repository. */
export function agentCommand(...args: readonly string[]): readonly [string, ...string[]] {
  return [process.execPath, program, ...args];
}
