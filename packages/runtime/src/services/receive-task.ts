import type { wire } from "@flyte-agent/idl";
import { invalidRequest } from "../seam/call-errors.ts";
import type { StartRequest } from "./read-call.ts";

/**
 * Receives the two messages of an ExecuteTaskSync stream: the header, then the inputs. Does not wait for the end of the
 * stream: FlytePropeller before 1.14 never ends it.
 *
 * @param timeoutMs how long the caller may take to send each message.
 * @throws AgentError `invalid_request` for anything else than these two in this order.
 */
export async function receiveTask(
  requests: AsyncIterable<wire.ExecuteTaskSyncRequest>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<StartRequest> {
  const parts = requests[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<wire.ExecuteTaskSyncRequest, unknown>> =>
    inTime(parts.next(), timeoutMs, signal);

  const first = await next();
  if (first.done === true) throw invalidRequest("the stream ended without a message: send a header, then the inputs");
  const { part: header } = first.value;
  if (header.case !== "header") {
    throw invalidRequest(`the first message must be a header, got ${header.case ?? "an empty message"}`);
  }
  const second = await next();
  if (second.done === true) {
    throw invalidRequest("the stream ended after the header: send the inputs too, an empty map if there are none");
  }
  const { part: inputs } = second.value;
  if (inputs.case !== "inputs") {
    throw invalidRequest(`the second message must be the inputs, got ${inputs.case ?? "an empty message"}`);
  }
  return { ...header.value, inputs: inputs.value };
}

async function inTime<T>(message: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  const timer = setTimeout(() => {
    reject(invalidRequest(`no further message came for ${timeoutMs / 1000} s: send a header, then the inputs`));
  }, timeoutMs);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([message, promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}
