/**
 * The longest text of a status, in bytes as gRPC sends it: percent-encoded in a header, where a Chinese character takes
 * nine.
 *
 * Clients limit the headers of an answer as a whole and fail the call with RESOURCE_EXHAUSTED beyond: grpc-java and grpcio
 * at 8 KiB (grpcio at random up to 16), Node's at 64 KiB, grpc-go at 16 MiB. nginx has a buffer of 4 KiB for them.
 */
const maxBytes = 4096;

/** The text of a status: a sentence, in one line and cut where it would be too long, and its code in brackets. */
export function statusText(sentence: string, code: string): string {
  const end = ` [${code}]`;
  // Half a surrogate pair cannot be percent-encoded.
  const line = sentence.toWellFormed().replaceAll(/\s+/g, " ");
  return `${cut(line, maxBytes - encodedBytes(end))}${end}`;
}

function cut(text: string, room: number): string {
  if (text.length <= room && encodedBytes(text) <= room) return text;
  let left = room - encodedBytes(cutMark);
  let kept = "";
  for (const character of text) {
    left -= encodedBytes(character);
    if (left < 0) break;
    kept += character;
  }
  return `${kept}${cutMark}`;
}

const cutMark = "…";

function encodedBytes(text: string): number {
  return encodeURIComponent(text).length;
}
