import { AgentError } from "./agent-error.ts";

/**
 * The task (its `custom`, target or another part of the template) cannot be run as it is. Flyte shows the message to
 * the workflow's author, and the task fails for good: there is no other attempt.
 *
 * @param where the field, as the author wrote it, for example `custom.url`.
 * @param problem what was got, what was expected, and what to do.
 *
 * @example
 * ```ts
 * throw invalidTask("custom.region", 'got "moon", expected eu or us');
 * ```
 */
export function invalidTask(where: string, problem: string): AgentError {
  return new AgentError("invalid_task", `${where}: ${problem}`);
}

/**
 * An input of the task is missing or has a value that the agent cannot use.
 *
 * @example
 * ```ts
 * throw invalidInput("count", "got -1, expected a number from 1");
 * ```
 */
export function invalidInput(name: string, problem: string): AgentError {
  return new AgentError("invalid_input", `input "${name}": ${problem}`);
}

/** A value for an output does not fit its declared type. `path` starts with `output "name"`. */
export function invalidOutput(path: string, problem: string): AgentError {
  return new AgentError("invalid_output", `${path}: ${problem}`);
}

/** The bytes that Flyte sent as `resource_meta` are not a job of this agent. */
export function invalidJob(problem: string, options?: ErrorOptions): AgentError {
  return new AgentError("invalid_job", `resource_meta ${problem}`, options);
}

/** The job that `create` returned is larger than what Flyte should store for each running task. */
export function jobTooLarge(sizeBytes: number, maxBytes: number): AgentError {
  return new AgentError(
    "job_too_large",
    `the job is ${sizeBytes} bytes, at most ${maxBytes} are allowed: keep only what get and delete need in it`,
  );
}

/** A secret was asked for and is in none of the places that are looked at. */
export function secretNotFound(name: string, places: readonly string[]): AgentError {
  return new AgentError("secret_not_found", `secret "${name}" was not found in ${places.join(", ")}`);
}

/**
 * The vendor cannot be reached or asks to come back later (a time-out, a cut connection, HTTP 429 or 5xx). Thrown by
 * `get` or `poke` it never fails the task: Flyte hears the last known phase, and the next poll tries again.
 *
 * @example
 * ```ts
 * throw vendorUnavailable("the farm answers HTTP 503", { cause: new Error("try later") });
 * ```
 */
export function vendorUnavailable(problem: string, options?: ErrorOptions): AgentError {
  return new AgentError("vendor_unavailable", problem, options);
}

/**
 * The vendor refuses this task for good: a request that it does not accept, something that the task names and that is
 * not there. What the server's operator has to fix is {@link vendorMisconfigured}, or each task would end for it.
 *
 * @example
 * ```ts
 * throw vendorRefused("the farm knows no scene cathedral.blend");
 * ```
 */
export function vendorRefused(problem: string, options?: ErrorOptions): AgentError {
  return new AgentError("vendor_refused", problem, options);
}

/**
 * The way to the vendor is not set up as it should be: credentials that are missing, expired or refused, a missing
 * file, a wrong address. The server's operator must fix it, no task can. Thrown by `get` or `poke` it never fails the
 * task.
 *
 * @param problem what was got, and what the operator should do.
 *
 * @example
 * ```ts
 * throw vendorMisconfigured("the farm refuses the key: renew the secret render_key");
 * ```
 */
export function vendorMisconfigured(problem: string, options?: ErrorOptions): AgentError {
  return new AgentError("vendor_misconfigured", problem, options);
}

/**
 * The vendor does not know the job (any more). Thrown by `delete` it counts as done, thrown by `get` the task fails
 * with this message.
 *
 * @example
 * ```ts
 * throw jobNotFound("the farm knows no job 42");
 * ```
 */
export function jobNotFound(problem: string): AgentError {
  return new AgentError("job_not_found", problem);
}

/** The agent has no such operation (`logs`, `metrics`, or `do` on an agent that is not sync). */
export function operationNotSupported(problem: string): AgentError {
  return new AgentError("operation_not_supported", problem);
}

/** A plugin package does not hold what its author meant it to: wrong export, wrong argument to a `define` function. */
export function pluginInvalid(problem: string): AgentError {
  return new AgentError("plugin_invalid", problem);
}

/** A field of a message that Flyte sends in protobuf cannot be decoded. */
export function malformedMessage(field: string, options?: ErrorOptions): AgentError {
  return new AgentError(
    "malformed_message",
    `${field} is not a valid protobuf message: check that the caller speaks Flyte's IDL`,
    options,
  );
}
