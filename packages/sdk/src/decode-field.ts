import { isAgentError } from "./agent-error.ts";
import { converting } from "./converting.ts";
import { malformedMessage } from "./errors.ts";

/**
 * Runs what decodes a field of a request.
 *
 * @throws AgentError as it came, and `malformed_message` that names the field for whatever else a decoder throws.
 */
export function decodeField<Value>(field: string, decode: () => Value): Value {
  try {
    return converting(decode);
  } catch (cause) {
    if (isAgentError(cause)) throw cause;
    throw malformedMessage(field, { cause });
  }
}
