import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";
import type { MethodCall } from "../../services/service-method.ts";
import { readTrace } from "../request/read-trace.ts";
import type { RequestRecord } from "../request/request-record.ts";

const key = createContextKey<RequestRecord | undefined>(undefined, { description: "request record" });

/** Context values that carry a request's record to the method that answers it. */
export function withRequestRecord(record: RequestRecord): ContextValues {
  return createContextValues().set(key, record);
}

/** What a method is told of its request. From here on the request is a call, unless the method refuses it. */
export function methodCall({ values, signal, requestHeader, timeoutMs }: HandlerContext): MethodCall {
  const record = values.get(key);
  if (record !== undefined) record.isCall = true;
  const remainingMs = timeoutMs();
  return {
    deadlineMs: remainingMs === undefined ? undefined : Date.now() + remainingMs,
    trace: readTrace(requestHeader.get("traceparent"), requestHeader.get("tracestate")),
    whenGone(leave) {
      if (signal.aborted) leave();
      else signal.addEventListener("abort", leave, { once: true });
    },
    refused(reason) {
      if (record === undefined) return;
      record.isCall = false;
      record.problem = reason;
    },
  };
}
