import type { Socket } from "node:net";

// What every HTTP/2 connection begins with (RFC 9113, 3.4); no HTTP/1 method begins so.
const preface = Buffer.from("PRI * HTTP/2.0");

/** Takes over a connection. */
export interface ProtocolHandlers {
  readonly http1: (socket: Socket) => void;
  readonly http2: (socket: Socket) => void;
}

/**
 * Tells HTTP/2 from HTTP/1 by the first bytes of a connection and hands it over, these bytes included.
 *
 * @param timeoutMs a connection that says nothing for so long is cut. One that its client ends before is cut at once.
 */
export function sniffProtocol(socket: Socket, timeoutMs: number, handlers: ProtocolHandlers): void {
  const timer = setTimeout(() => socket.destroy(), timeoutMs);
  const stop = (): void => {
    clearTimeout(timer);
    socket.removeListener("readable", look);
    socket.removeListener("end", leave);
    socket.removeListener("close", stop);
  };
  const leave = (): void => void socket.destroy();
  let seen = Buffer.alloc(0);
  const look = (): void => {
    // A socket without an encoding gives buffers.
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    seen = Buffer.concat([seen, bytes]);
    const length = Math.min(seen.length, preface.length);
    const mayBeHttp2 = seen.subarray(0, length).equals(preface.subarray(0, length));
    // "P" alone may still become a POST: wait for the next byte. (Given back now, it would be readable at once, again
    // and again, and nothing else would ever run.)
    if (mayBeHttp2 && length < 3) return;
    stop();
    socket.unshift(seen);
    handlers[mayBeHttp2 ? "http2" : "http1"](socket);
  };
  socket.on("readable", look);
  socket.once("end", leave);
  socket.once("close", stop);
}
