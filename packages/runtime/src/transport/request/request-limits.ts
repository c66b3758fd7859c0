import type { RequestMemory } from "./request-memory.ts";

/** How much of a request is read, how patient that is, and who hears of requests that became no call. */
export interface RequestLimits {
  /** Larger messages are answered with RESOURCE_EXHAUSTED. */
  readonly maxMessageBytes: number;
  /** What all requests may hold together. */
  readonly memory: RequestMemory;
  /** How long a caller may take to send a unary request, in milliseconds. */
  readonly receiveTimeoutMs: number;
  /** How long a caller may leave an answer unread, in milliseconds. */
  readonly sendTimeoutMs: number;
  /**
   * Told of each request on a known method that never became a call: because it could not be decoded, was too large or
   * cut, or lacked what a call needs (then `problem` says so). The status is that of HTTP: 415 for another content type,
   * 200 where the protocol says in the answer what went wrong, `undefined` where nothing was answered.
   */
  readonly onRefused: (method: string, problem: unknown, httpStatus: number | undefined) => void;
}
