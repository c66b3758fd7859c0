import type { ConnectError } from "@connectrpc/connect";
import { decodePackedAnswer } from "@flyte-agent/runtime";
import type { TestResource } from "../test-host.ts";
import { assertForGood, assertReadable, codeName, refusalOf } from "./refusal.ts";
import { violation } from "./violation.ts";

/** How a task was refused: the task itself for good, which Flyte hears as FAILED, or only the call. */
export type TaskRefusal =
  | { readonly kind: "task"; readonly code: string; readonly text: string }
  | { readonly kind: "call"; readonly code: string; readonly text: string; readonly error: ConnectError };

/** Tells whether a job says at once how its task has ended. */
export function holdsItsEnd(job: Uint8Array): boolean {
  return decodePackedAnswer(job) !== undefined;
}

/**
 * How a task was refused; `undefined` if it was not.
 *
 * @param starting gives what Flyte is told at once, if anything.
 */
export async function taskRefusalOf(starting: Promise<TestResource | undefined>): Promise<TaskRefusal | undefined> {
  const error = await refusalOf(starting);
  if (error !== undefined) return { kind: "call", code: codeName(error), text: error.rawMessage, error };
  const { phase, message: text = "", customInfo } = (await starting) ?? {};
  const code = String(customInfo?.code ?? "");
  return phase === "failed" && text.endsWith(` [${code}]`) ? { kind: "task", code, text } : undefined;
}

/** Asserts that a task was refused for what it says, in a sentence that names `name`. */
export function assertTaskRefused(what: string, refusal: TaskRefusal | undefined, name: string): void {
  if (refusal === undefined) throw violation(`${what} was accepted: refuse it with invalidTask or invalidInput`);
  const { code, text } = refusal;
  if (refusal.kind === "call" || !["invalid_task", "invalid_input"].includes(code)) {
    throw violation(
      `${what} was answered with ${code} (${text}), expected invalidTask or invalidInput`,
      "error" in refusal ? refusal.error : undefined,
    );
  }
  if (!text.includes(name)) throw violation(`${what} was refused without the name "${name}": ${text}`);
  assertReadable(what, text);
}

/** Asserts that Flyte would not run a refused task again, and that the text is fit to be read in its console. */
export function assertTaskRefusedForGood(what: string, refusal: TaskRefusal): void {
  if (refusal.kind === "call") assertForGood(what, refusal.error);
  else assertReadable(what, refusal.text);
}
