import type { IncomingMessage } from "node:http";
import { pipeline, type Readable } from "node:stream";
import { TextDecoder } from "node:util";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What {@link readBody} understands as `Accept-Encoding`. */
export const acceptedEncodings = "gzip, deflate, br";

/**
 * Reads the body of an answer as text, at most `maxBytes` of it after decompression.
 *
 * The text is decoded by the charset of `Content-Type`, or else as UTF-8; bytes that are none become U+FFFD.
 */
export async function readBody(
  answer: IncomingMessage,
  maxBytes: number,
): Promise<{ readonly text: string; readonly isCut: boolean }> {
  const chunks: Uint8Array[] = [];
  let room = maxBytes;
  let isCut = false;
  // Leaving the loop early closes the stream and the connection below it.
  for await (const chunk of decompressed(answer) as AsyncIterable<Uint8Array>) {
    chunks.push(chunk.subarray(0, room));
    isCut = chunk.length > room;
    if (isCut) break;
    room -= chunk.length;
  }
  // `stream` holds back the first bytes of a character that was cut in two.
  return { text: decoderFor(answer).decode(Buffer.concat(chunks), { stream: isCut }), isCut };
}

function decompressed(answer: IncomingMessage): Readable {
  const decompressor = decompressorFor(answer.headers["content-encoding"]);
  // Errors reach the reader of the last stream, so the callback has nothing to add.
  return decompressor === undefined ? answer : pipeline(answer, decompressor, () => {});
}

function decompressorFor(encoding: string | undefined): ReturnType<typeof createGunzip> | undefined {
  switch (encoding?.trim().toLowerCase()) {
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "deflate":
      return createInflate();
    case "br":
      return createBrotliDecompress();
    default:
      return undefined;
  }
}

function decoderFor(answer: IncomingMessage): TextDecoder {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/i.exec(answer.headers["content-type"] ?? "")?.[1];
  try {
    return new TextDecoder(charset ?? "utf-8", { ignoreBOM: true });
  } catch {
    return new TextDecoder("utf-8", { ignoreBOM: true });
  }
}
