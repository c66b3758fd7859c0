import { Code, ConnectError } from "@connectrpc/connect";
import { isAgentError } from "@flyte-agent/sdk";
import { exitCodes } from "./exit-codes.ts";

/** How an error is told to the user. */
export interface ErrorLine {
  readonly text: string;
  readonly exitCode: number;
}

/** Puts what ended a command into a line: a sentence and, in brackets, its code. */
export function errorLine(reason: unknown): ErrorLine {
  if (isAgentError(reason)) {
    // A flag that cannot be used is named first: `--modules x: …`.
    const isUsage = reason.code === "invalid_config" || reason.message.startsWith("--");
    const exitCode = isUsage ? exitCodes.usage : exitCodes.failed;
    return { text: `${reason.message} [${reason.code}]`, exitCode };
  }
  // The sentence of a status of our own servers ends with the code already.
  if (reason instanceof ConnectError) {
    const text = /\[[a-z_]+\]$/.test(reason.rawMessage)
      ? reason.rawMessage
      : `${reason.rawMessage} [${Code[reason.code]}]`;
    return { text, exitCode: exitCodes.failed };
  }
  // Not foreseen: whoever fixes it needs all of it.
  const text = reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
  return { text: `unexpected error, please report it: ${text}`, exitCode: exitCodes.failed };
}
