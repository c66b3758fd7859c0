import { Code, ConnectError } from "@connectrpc/connect";
import { violation } from "./violation.ts";

/** How a call failed, as its caller sees it; `undefined` if it did not. */
export async function refusalOf(call: Promise<unknown>): Promise<ConnectError | undefined> {
  try {
    await call;
    return undefined;
  } catch (reason) {
    return ConnectError.from(reason);
  }
}

/** The code's name as gRPC writes it. */
export function codeName(error: ConnectError): string {
  return (Code[error.code] ?? String(error.code)).replaceAll(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

/** Statuses that say "try again": Flyte does, and for some calls for ever. */
const passing: ReadonlySet<Code> = new Set([
  Code.Unavailable,
  Code.Internal,
  Code.Unknown,
  Code.DeadlineExceeded,
  Code.ResourceExhausted,
  Code.Aborted,
]);

/** Asserts that a refusal is for good and that its text is fit to be read in Flyte's console. */
export function assertForGood(what: string, refusal: ConnectError): void {
  if (passing.has(refusal.code)) {
    throw violation(
      `${what} was answered with ${codeName(refusal)} (${refusal.rawMessage}): Flyte would repeat the call. ` +
        "Refuse for good, with invalidTask, invalidInput or jobNotFound",
      refusal,
    );
  }
  assertReadable(what, refusal.rawMessage);
}

/** Asserts that a call was refused with INVALID_ARGUMENT. */
export function assertInvalid(what: string, refusal: ConnectError | undefined): void {
  if (refusal === undefined) throw violation(`${what} was answered: refuse what is no job of this agent`);
  if (refusal.code !== Code.InvalidArgument) {
    throw violation(
      `${what} was answered with ${codeName(refusal)} (${refusal.rawMessage}), expected INVALID_ARGUMENT`,
      refusal,
    );
  }
  assertReadable(what, refusal.rawMessage);
}

/** Asserts that a string shows nothing of the server's inside. */
export function assertReadable(what: string, text: string): void {
  const found = inside.find((pattern) => pattern.test(text)) ?? (text.includes(process.cwd()) ? "its path" : undefined);
  if (found !== undefined) throw violation(`the message for ${what} shows the server's inside: ${text}`);
}

/** Stacks and places in source files. */
const inside = [/\bat .*:\d+:\d+/, /\.[cm]?[jt]s:\d+/, /[/\\]node_modules[/\\]/, /\bnode:[a-z]/] as const;
