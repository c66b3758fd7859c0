import { type ContextValues, createContextKey, createContextValues, type HandlerContext } from "@connectrpc/connect";

/** What became of a request on a known method. The services fill it in, the transport reads it when all is over. */
export interface RequestRecord {
  /** Whether it became a call. Until it does, only the transport knows of it. */
  isCall: boolean;
  /** Why it did not, where a service found out; it is `undefined` where the message could not even be decoded. */
  problem: unknown;
}

const key = createContextKey<RequestRecord | undefined>(undefined, { description: "request record" });

/** Context values that carry a request's record to the method that answers it. */
export function withRequestRecord(record: RequestRecord): ContextValues {
  return createContextValues().set(key, record);
}

/** Notes that the request was read completely and a method answers it. */
export function callReached(context: HandlerContext): void {
  const record = context.values.get(key);
  if (record !== undefined) record.isCall = true;
}

/** Notes why a request was refused. Of a request that became a call, the layers around the calls told already. */
export function notAnswered(context: HandlerContext, reason: unknown): void {
  const record = context.values.get(key);
  if (record !== undefined) record.problem = reason;
}
