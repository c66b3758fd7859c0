import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";

/** Whether a request on a known method became a call. Until it does, only the transport knows of it. */
export interface RequestRecord {
  isCall: boolean;
}

const key = createContextKey<RequestRecord | undefined>(undefined, { description: "request record" });

/** Context values that carry a request's record to the method that answers it. */
export function withRequestRecord(record: RequestRecord): ContextValues {
  return createContextValues().set(key, record);
}

/** Notes that the request was read and a method answers it. */
export function callReached(context: HandlerContext): void {
  const record = context.values.get(key);
  if (record !== undefined) record.isCall = true;
}
