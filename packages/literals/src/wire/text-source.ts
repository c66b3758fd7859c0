/** Bytes that hold UTF-8 texts, many of which repeat: the keys of structures above all. */
export interface TextSource {
  readonly bytes: Uint8Array;
  /** The same bytes; made with the first text. */
  buffer: LatinBuffer | undefined;
  /** Short ASCII texts read before, by {@link slotOf}; made where there may be many. */
  readonly known: KnownTexts;
  /** Keys apart, so that values do not take their places. */
  readonly knownKeys: KnownTexts;
}

interface KnownTexts {
  texts: (string | undefined)[] | undefined;
  /** How many texts were not known when they were read. */
  misses: number;
}

/** The body of a Buffer's `toString("latin1")`, which costs half as much again; Node's types lack it. */
interface LatinBuffer {
  latin1Slice(start: number, end: number): string;
}

/** Starts reading texts. */
export function textSource(bytes: Uint8Array): TextSource {
  return {
    bytes,
    buffer: undefined,
    known: { texts: undefined, misses: 0 },
    knownKeys: { texts: undefined, misses: 0 },
  };
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
  return knownText(source, source.known, start, end) ?? newText(source, start, end);
}

/**
 * Reads the UTF-8 of an object's key, as {@link readText} does.
 *
 * @throws TypeError if it is not UTF-8.
 */
export function readKeyText(source: TextSource, start: number, end: number): string {
  return knownText(source, source.knownKeys, start, end) ?? newText(source, start, end);
}

function knownText(source: TextSource, known: KnownTexts, start: number, end: number): string | undefined {
  const { bytes } = source;
  const length = end - start;
  if (length > maxKnownBytes || bytes.length < minBytesToRemember) return undefined;
  known.texts ??= new Array<string | undefined>(slots).fill(undefined);
  const slot = slotOf(bytes, start, length);
  const text = known.texts[slot];
  if (text !== undefined && isTextAt(bytes, start, length, text)) return text;
  known.misses++;
  const fresh = newText(source, start, end);
  // Only of ASCII are there as many bytes as characters.
  if (fresh.length === length) known.texts[slot] = known === source.knownKeys ? asKey(fresh) : fresh;
  return fresh;
}

/** The text in the form that V8 keeps keys in; in any other it looks it up each time that it is one. */
function asKey(text: string): string {
  return Object.keys({ [text]: null })[0] ?? text;
}

/** From the length and three bytes alone: a string that is taken for another costs a comparison only. */
function slotOf(bytes: Uint8Array, start: number, length: number): number {
  const first = bytes[start] ?? 0;
  const middle = bytes[start + (length >> 1)] ?? 0;
  const last = bytes[start + length - 1] ?? 0;
  return (length ^ (first * 3) ^ (middle << 2) ^ (last << 5)) & (slots - 1);
}

function isTextAt(bytes: Uint8Array, start: number, length: number, text: string): boolean {
  if (text.length !== length) return false;
  // From the end, where texts that look alike differ: "row 1", "row 2".
  for (let index = length - 1; index >= 0; index--) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false;
  }
  return true;
}

function newText(source: TextSource, start: number, end: number): string {
  const { bytes } = source;
  if (end - start > maxLoopBytes || !isAscii(bytes, start, end)) return decoder.decode(bytes.subarray(start, end));
  // Every Buffer has it.
  source.buffer ??= Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) as unknown as LatinBuffer;
  return source.buffer.latin1Slice(start, end);
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  let all = 0;
  // Callers stay within the bytes.
  for (let at = start; at < end; at++) all |= bytes[at] ?? 0xff;
  return all < 0x80;
}

// Not streaming, so that it holds no state. A leading U+FEFF is text, not a byte order mark.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
