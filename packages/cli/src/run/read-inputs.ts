import { parsePlainText } from "@flyte-agent/client";
import { AgentError, isAgentError } from "@flyte-agent/sdk";
import { usageError } from "../arguments/usage-error.ts";
import { readInputFile } from "./read-input-file.ts";

/**
 * Reads the inputs that the command line gives.
 *
 * @param file what `--inputs` names.
 * @param assignments `name=value` of each `--input`; values are YAML, so that `3` is a number and `"3"` a string.
 */
export async function readInputs(
  file: string | undefined,
  assignments: readonly string[],
): Promise<Readonly<Record<string, unknown>>> {
  const fromFile = file === undefined ? {} : inputsOf(new TextDecoder().decode(await readInputFile(file)), file);
  return { ...fromFile, ...Object.fromEntries(assignments.map(assignmentOf)) };
}

function inputsOf(text: string, file: string): Readonly<Record<string, unknown>> {
  const values = named(file, () => parsePlainText(text));
  if (typeof values === "object" && values !== null && !Array.isArray(values)) return { ...values };
  throw new AgentError("invalid_input", `${file}: expected an object of values by input name`);
}

function assignmentOf(assignment: string): readonly [string, unknown] {
  const end = assignment.indexOf("=");
  if (end <= 0) throw usageError(`--input: got "${assignment}", expected name=value`);
  const name = assignment.slice(0, end);
  return [name, named(`--input ${name}`, () => parsePlainText(assignment.slice(end + 1)))];
}

function named<Value>(place: string, read: () => Value): Value {
  try {
    return read();
  } catch (reason) {
    throw isAgentError(reason) ? new AgentError(reason.code, `${place}: ${reason.message}`) : reason;
  }
}
