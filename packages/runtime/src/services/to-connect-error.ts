import { ConnectError } from "@connectrpc/connect";
import { isAgentError } from "@flyte-agent/sdk";
import { grpcCodeOf } from "../calls/error-status.ts";
import { statusText } from "./status-text.ts";

/**
 * Makes the status that Flyte gets from an error, once, at the border: a sentence and, in brackets, the code under
 * which `docs/errors.md` explains it. Nothing of the cause goes along; it stands in the log.
 */
export function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const [text, code] = isAgentError(reason)
    ? [reason.message, reason.code]
    : ["the agent server failed unexpectedly; its log has the details", "plugin_failed"];
  return new ConnectError(statusText(text, code), grpcCodeOf(reason));
}
