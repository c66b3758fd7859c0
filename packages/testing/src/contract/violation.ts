/** Makes the error of a broken contract: what the agent did, and what it should do. */
export function violation(problem: string, cause?: unknown): Error {
  const error = new Error(problem, cause === undefined ? undefined : { cause });
  error.name = "ContractViolation";
  // The place that matters is the check, not this line.
  Error.captureStackTrace(error, violation);
  return error;
}
