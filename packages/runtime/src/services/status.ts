import { isAgentError } from "@flyte-agent/sdk";
import { grpcCodeOf } from "../calls/error-status.ts";
import type { GrpcCode } from "../calls/grpc-code.ts";
import { statusText } from "./status-text.ts";

/** What a caller is told in place of an answer. */
export interface Status {
  readonly code: GrpcCode;
  readonly text: string;
}

/** A status that a protocol prescribes to the letter, so that no code of ours goes with it. */
export class StatusError extends Error {
  readonly code: GrpcCode;

  constructor(code: GrpcCode, text: string) {
    super(text);
    this.name = "StatusError";
    this.code = code;
  }
}

/**
 * Makes the status that Flyte gets from an error, once, at the border: a sentence and, in brackets, the code under
 * which `docs/errors.md` explains it. Nothing of the cause goes along; it stands in the log.
 */
export function statusOf(reason: unknown): Status {
  if (reason instanceof StatusError) return { code: reason.code, text: reason.message };
  const [text, code] = isAgentError(reason)
    ? [reason.message, reason.code]
    : ["the agent server failed unexpectedly; its log has the details", "plugin_failed"];
  return { code: grpcCodeOf(reason), text: statusText(text, code) };
}
