import { ConnectError } from "@connectrpc/connect";
import { statusOf } from "../../services/status.ts";

/** An error as Connect tells it to callers. */
export function toConnectError(reason: unknown): ConnectError {
  if (reason instanceof ConnectError) return reason;
  const { code, text } = statusOf(reason);
  // Connect's codes are gRPC's numbers.
  return new ConnectError(text, code);
}
