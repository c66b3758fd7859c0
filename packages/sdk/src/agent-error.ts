/**
 * Every code that an error of flyte-agent can have. The list is closed: `docs/errors.md` explains each, and a test
 * keeps the two equal.
 */
export const agentErrorCodes = [
  "agent_not_found",
  "call_cancelled",
  "deadline_exceeded",
  "invalid_config",
  "invalid_input",
  "invalid_job",
  "invalid_manifest",
  "invalid_option",
  "invalid_output",
  "invalid_request",
  "invalid_task",
  "job_not_found",
  "job_too_large",
  "malformed_message",
  "message_too_large",
  "operation_not_supported",
  "plugin_conflict",
  "plugin_failed",
  "plugin_invalid",
  "plugin_unavailable",
  "port_unavailable",
  "secret_not_found",
  "vendor_misconfigured",
  "vendor_refused",
  "vendor_unavailable",
] as const;

/** One of {@link agentErrorCodes}. */
export type AgentErrorCode = (typeof agentErrorCodes)[number];

const brand: unique symbol = Symbol.for("@flyte-agent/sdk.AgentError") as never; // `Symbol.for` cannot be typed unique

/**
 * The one error class of flyte-agent. Its message is written for the person who reads it in the Flyte console: one
 * sentence that says what was got, what was expected and what to do, without secrets, paths of the server or stacks.
 *
 * Two copies of the SDK may live in one process, so recognise it by {@link isAgentError}, never by `instanceof`.
 */
export class AgentError extends Error {
  override readonly name = "AgentError";
  /** What kind of error it is: `docs/errors.md` explains each. */
  readonly code: AgentErrorCode;

  constructor(code: AgentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Tells whether a value is an {@link AgentError}, made by this copy of the SDK or by another one. */
export function isAgentError(value: unknown): value is AgentError {
  return typeof value === "object" && value !== null && brand in value;
}
