import type { IncomingHttpHeaders } from "node:http";
import type { ShimCall } from "./fault.ts";

/** A request that reached the shim. */
export interface RecordedRequest {
  /** Which call it is; undefined for an address that the shim does not know. */
  readonly call: ShimCall | undefined;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Text of the body, as it came. */
  readonly body: string;
  /** The body as JSON, or undefined if it is none. */
  readonly json: unknown;
  /** Account of the token that came along, if the shim gave it out. */
  readonly identity: string | undefined;
}
