/** Bytes that hold UTF-8 texts, many of which repeat: the keys of structures above all. */
export interface TextSource {
  readonly bytes: Uint8Array;
  /** The same bytes; made with the first text. */
  buffer: Buffer | undefined;
  /** Short ASCII texts read before, by their hash; made where there may be many. */
  known: (string | undefined)[] | undefined;
  /** How many short texts were not known when they were read. */
  misses: number;
}

/** Starts reading texts. */
export function textSource(bytes: Uint8Array): TextSource {
  return { bytes, buffer: undefined, known: undefined, misses: 0 };
}

/** In longer texts a loop over the bytes costs more than a call of the decoder. */
const maxLoopBytes = 128;
const slots = 1024;
/** Longer texts are rarely repeated. */
const maxKnownBytes = 24;
/** In smaller messages few texts can repeat. */
const minBytesToRemember = 512;

/**
 * Reads UTF-8 between two offsets.
 *
 * @throws TypeError if it is not UTF-8.
 */
export function readText(source: TextSource, start: number, end: number): string {
  const { bytes } = source;
  if (end - start > maxLoopBytes) return decoder.decode(bytes.subarray(start, end));
  let all = 0;
  let hash = end - start;
  for (let at = start; at < end; at++) {
    // Callers stay within the bytes.
    const byte = bytes[at] ?? 0xff;
    all |= byte;
    hash = (hash * 31 + byte) | 0;
  }
  if (all > 0x7f) return decoder.decode(bytes.subarray(start, end));
  if (end - start > maxKnownBytes || bytes.length < minBytesToRemember) return asciiText(source, start, end);
  source.known ??= new Array<string | undefined>(slots).fill(undefined);
  const slot = (hash ^ (hash >>> 10)) & (slots - 1);
  const known = source.known[slot];
  if (known !== undefined && isTextAt(bytes, start, end, known)) return known;
  source.misses++;
  const text = asciiText(source, start, end);
  source.known[slot] = text;
  return text;
}

// Not streaming, so that it holds no state. A leading U+FEFF is text, not a byte order mark.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function asciiText(source: TextSource, start: number, end: number): string {
  source.buffer ??= Buffer.from(source.bytes.buffer, source.bytes.byteOffset, source.bytes.byteLength);
  return source.buffer.toString("latin1", start, end);
}

function isTextAt(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (text.length !== end - start) return false;
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}
