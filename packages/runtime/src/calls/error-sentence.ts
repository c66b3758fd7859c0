import type { AgentError } from "@flyte-agent/sdk";

const maxTextLength = 2048;

/**
 * The message of a task that failed with an error: a sentence in one line and, in brackets, the code under which
 * `docs/errors.md` explains it, as in the status of a call. Nothing of the cause goes along.
 */
export function errorSentence({ message, code }: Pick<AgentError, "message" | "code">): string {
  return `${shorten(message)} [${code}]`;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= maxTextLength ? line : `${line.slice(0, maxTextLength - 1).toWellFormed()}…`;
}
