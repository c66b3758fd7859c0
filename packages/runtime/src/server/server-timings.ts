/** How patient the server is, in milliseconds. Not configuration: operators have no reason to change these. */
export interface ServerTimings {
  /** For a connection to say which protocol it speaks, for a TLS handshake, and for an HTTP/1 request's headers. */
  readonly openingTimeoutMs: number;
  /** For a caller to send a unary request, or the next message of ExecuteTaskSync. */
  readonly receiveTimeoutMs: number;
  /** For a caller to read on, once part of an answer waits for it. */
  readonly sendTimeoutMs: number;
  /** How often an HTTP/2 connection is asked whether it is still there; one that does not answer is cut at the next. */
  readonly pingIntervalMs: number;
  /** How often the TLS files are looked at for a renewed certificate. */
  readonly tlsWatchIntervalMs: number;
  /** For reading one offloaded input from its store. */
  readonly storeTimeoutMs: number;
  /** For a plugin to close what it opened. */
  readonly disposeTimeoutMs: number;
}

/** The timings of a server that serves Flyte; tests have shorter ones. */
export const serverTimings: ServerTimings = {
  openingTimeoutMs: 15_000,
  receiveTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
  pingIntervalMs: 60_000,
  tlsWatchIntervalMs: 10_000,
  storeTimeoutMs: 30_000,
  disposeTimeoutMs: 5_000,
};
