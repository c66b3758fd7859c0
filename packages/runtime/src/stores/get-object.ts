import type { ReadLimits } from "./object-store.ts";
import { objectTooLarge, storeUnreachable } from "./store-errors.ts";
import type { StoredObject } from "./store-place.ts";

/** What a store answered. */
export type StoreAnswer =
  | { readonly kind: "object"; readonly bytes: Uint8Array }
  | {
      readonly kind: "refusal";
      readonly status: number;
      readonly headers: Headers;
      /** The beginning of the body. */
      readonly text: string;
    };

/** A request to a store. */
export interface StoreRequest {
  /** What to call the store in errors. */
  readonly store: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}

/** Of a refusal's body no more is read. */
const mostRefusalBytes = 64 * 1024;

/**
 * Gets an object by HTTP, and of it no more than is allowed.
 *
 * @throws AgentError `vendor_unavailable` if the store cannot be reached, `message_too_large` beyond `maxBytes`; the
 *   signal's reason if it aborts.
 */
export async function getObject(
  { store, url, headers }: StoreRequest,
  object: StoredObject,
  { maxBytes, signal }: ReadLimits,
): Promise<StoreAnswer> {
  try {
    // A redirection would take the credentials elsewhere.
    const response = await fetch(url, { headers, signal, redirect: "manual" });
    if (response.status !== 200) {
      const { chunks } = await readUpTo(response, mostRefusalBytes);
      const text = new TextDecoder().decode(Buffer.concat(chunks));
      return { kind: "refusal", status: response.status, headers: response.headers, text };
    }
    const isDeclaredTooLarge = Number(response.headers.get("content-length") ?? 0) > maxBytes;
    const { chunks, isCut } = await readUpTo(response, isDeclaredTooLarge ? 0 : maxBytes);
    if (!isCut) return { kind: "object", bytes: Buffer.concat(chunks) };
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw storeUnreachable(store, cause);
  }
  throw objectTooLarge(object, maxBytes);
}

async function readUpTo(
  response: Response,
  maxBytes: number,
): Promise<{ readonly chunks: readonly Uint8Array[]; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  if (response.body === null) return { chunks, isCut: false };
  for await (const chunk of response.body) {
    sizeBytes += chunk.byteLength;
    // Leaving the loop cancels the rest.
    if (sizeBytes > maxBytes) return { chunks, isCut: true };
    chunks.push(chunk);
  }
  return { chunks, isCut: false };
}
