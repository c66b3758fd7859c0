import { Code, ConnectError } from "@connectrpc/connect";
import type { Compression } from "@connectrpc/connect/protocol";
import type { RequestShare } from "../request/request-memory.ts";

/** How much of a request is read, and the error for one that is larger. */
export interface ByteLimit {
  readonly maxBytes: number;
  readonly tooLarge: () => ConnectError;
}

/** The body of a request up to the limit. */
export async function* limitBody(
  body: AsyncIterable<Uint8Array>,
  { maxBytes, tooLarge }: ByteLimit,
): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxBytes) throw tooLarge();
    yield chunk;
  }
}

/** The body of a request as far as there is room for it. */
export async function* limitHeld(
  body: AsyncIterable<Uint8Array>,
  { share, noRoom }: { readonly share: RequestShare; readonly noRoom: () => ConnectError },
): AsyncIterable<Uint8Array> {
  for await (const chunk of body) {
    if (!share.take(chunk.byteLength)) throw noRoom();
    yield chunk;
  }
}

/** A compression that makes nothing larger than the limit. */
export function limitCompression(compression: Compression, { maxBytes, tooLarge }: ByteLimit): Compression {
  return {
    ...compression,
    async decompress(bytes, readMaxBytes) {
      try {
        return await compression.decompress(bytes, Math.min(readMaxBytes, maxBytes));
      } catch (reason) {
        const isTooLarge = reason instanceof ConnectError && reason.code === Code.ResourceExhausted;
        throw isTooLarge && maxBytes < readMaxBytes ? tooLarge() : reason;
      }
    },
  };
}
