/** What stands before each message of gRPC: a byte of flags, four of length (big-endian). */
const frameOverheadBytes = 5;

/** A message with what stands before it. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(frameOverheadBytes + message.byteLength);
  frame[0] = 0;
  frame.writeUInt32BE(message.byteLength, 1);
  frame.set(message, frameOverheadBytes);
  return frame;
}

/** The message of a body that is one frame, not compressed and not too large; `undefined` of any other. */
export function soleMessage(body: Buffer, maxMessageBytes: number): Uint8Array | undefined {
  if (body.length < frameOverheadBytes || body[0] !== 0) return undefined;
  const length = body.readUInt32BE(1);
  return length <= maxMessageBytes && body.length === frameOverheadBytes + length
    ? body.subarray(frameOverheadBytes)
    : undefined;
}

/** Whether what came of a body so far may still become a {@link soleMessage}. */
export function mayBeSoleMessage(start: Buffer, bodyBytes: number, maxMessageBytes: number): boolean {
  if (start[0] !== undefined && start[0] !== 0) return false;
  if (start.length < frameOverheadBytes) return true;
  const length = start.readUInt32BE(1);
  return length <= maxMessageBytes && bodyBytes <= frameOverheadBytes + length;
}
