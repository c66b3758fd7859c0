import { InvalidArgumentError } from "commander";

/** The command line cannot be used as it is; ends with exit code 2. */
export function usageError(problem: string): Error {
  return new InvalidArgumentError(problem);
}
