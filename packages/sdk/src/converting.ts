import { isLiteralError } from "@flyte-agent/literals";
import { AgentError } from "./agent-error.ts";

/**
 * Runs a conversion of literals.
 *
 * @throws AgentError `invalid_input` or `invalid_output`, by the direction, in place of a LiteralError; everything else as it came.
 */
export function converting<Value>(convert: () => Value): Value {
  try {
    return convert();
  } catch (reason) {
    if (!isLiteralError(reason)) throw reason;
    throw new AgentError(reason.direction === "input" ? "invalid_input" : "invalid_output", reason.message);
  }
}
