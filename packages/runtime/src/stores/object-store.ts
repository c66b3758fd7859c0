import type { StoredObject } from "./store-place.ts";

/** Bounds of one read. */
export interface ReadLimits {
  /** More than this is refused, at the latest when it has come. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Reads objects of one kind of store. */
export interface ObjectStore {
  /**
   * Reads a whole object.
   *
   * @throws AgentError `invalid_input` if it does not exist, `message_too_large` beyond `maxBytes`, `vendor_misconfigured` if
   *   the store denies access or there are no credentials, `invalid_config` for an unusable variable of the environment,
   *   `vendor_unavailable` if the store is in trouble. The signal's reason if it aborts.
   */
  read(object: StoredObject, limits: ReadLimits): Promise<Uint8Array>;
}
