import { isAgentError } from "@flyte-agent/sdk";
import type { Replica } from "./contract-bench.ts";
import { violation } from "./violation.ts";

/**
 * Asserts that no handler threw anything but the SDK's errors: anything else is a mistake in the agent, which Flyte's
 * user cannot read.
 */
export function assertNoCrash({ watched }: Replica, what: string): void {
  for (const call of watched.ended) {
    if (!("thrown" in call) || isAgentError(call.thrown)) continue;
    const text = call.thrown instanceof Error ? `${call.thrown.name}: ${call.thrown.message}` : String(call.thrown);
    throw violation(
      `${call.operation} threw ${text} for ${what}: check it, and throw one of the SDK's errors (invalidTask, …)`,
      call.thrown,
    );
  }
}
