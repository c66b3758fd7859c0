import { setTimeout as delay } from "node:timers/promises";
import { isAgentError, vendorUnavailable } from "@flyte-agent/sdk";
import { createGcsStore } from "./gcs-store.ts";
import type { ObjectStore, ReadLimits } from "./object-store.ts";
import { createS3Store } from "./s3-store.ts";
import type { StoredObject, StoreScheme } from "./store-place.ts";

/** Reads an object of any store; errors are those of {@link ObjectStore}. */
export type ReadStored = (object: StoredObject, limits: ReadLimits) => Promise<Uint8Array>;

/** How long is waited before each further try. */
const pausesMs = [100, 400];

/**
 * Makes the way to the stores. A store in trouble is asked up to three times: a failed create costs the task an attempt.
 *
 * @param environment where endpoints and credentials come from.
 * @param timeoutMs time for one object, all tries included.
 */
export function createReadStored(
  environment: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): ReadStored {
  const stores: Readonly<Record<StoreScheme, ObjectStore>> = {
    s3: createS3Store(environment),
    gs: createGcsStore(environment),
  };
  return async (object, { maxBytes, signal }) => {
    const timer = AbortSignal.timeout(timeoutMs);
    const limits = { maxBytes, signal: AbortSignal.any([signal, timer]) };
    try {
      return await withRetries(() => stores[object.scheme].read(object, limits), limits.signal);
    } catch (reason) {
      if (signal.aborted) throw signal.reason;
      if (!timer.aborted) throw reason;
      throw vendorUnavailable(`the store did not answer within ${timeoutMs / 1000} s: try again`, { cause: reason });
    }
  };
}

async function withRetries<Result>(read: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (const pauseMs of pausesMs) {
    try {
      return await read();
    } catch (reason) {
      if (!isAgentError(reason) || reason.code !== "vendor_unavailable") throw reason;
    }
    await delay(pauseMs, undefined, { signal });
  }
  return await read();
}
