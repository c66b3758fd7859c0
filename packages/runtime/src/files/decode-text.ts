/** Decodes a string file, whose byte order mark (as editors on Windows write it) tells UTF-16 from UTF-8. */
export function decodeText(bytes: Uint8Array): string {
  const encoding =
    bytes[0] === 0xff && bytes[1] === 0xfe ? "utf-16le" : bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
  // TextDecoder drops the mark.
  return new TextDecoder(encoding).decode(bytes);
}
