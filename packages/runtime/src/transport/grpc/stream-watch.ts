import { constants, type ServerHttp2Stream } from "node:http2";

/** A stream whose caller must not keep it for ever. */
export interface WatchedStream {
  readonly stream: ServerHttp2Stream;
  /** Whom it waits for: the caller with its request, the agent, or the caller to read the answer. */
  waitsFor: "request" | "answer" | "reader";
  /** Since when nothing has moved, in milliseconds of `performance.now()`. */
  sinceMs: number;
  /** What the caller had not read then, in bytes. */
  unreadBytes: number;
}

/** Streams that are cut when their callers take too long. */
export interface StreamWatch {
  add(stream: ServerHttp2Stream): WatchedStream;
  remove(watched: WatchedStream): void;
}

/**
 * Makes the watch of a server. It looks at all streams a few times within each time-out: two timers a call would cost more than
 * most calls do.
 */
export function createStreamWatch({
  receiveTimeoutMs,
  sendTimeoutMs,
}: {
  readonly receiveTimeoutMs: number;
  readonly sendTimeoutMs: number;
}): StreamWatch {
  const streams = new Set<WatchedStream>();
  let timer: NodeJS.Timeout | undefined;

  function look(): void {
    const nowMs = performance.now();
    for (const watched of streams) {
      if (isOverdue(watched, nowMs)) watched.stream.close(constants.NGHTTP2_CANCEL);
    }
    if (streams.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  }

  function isOverdue(watched: WatchedStream, nowMs: number): boolean {
    switch (watched.waitsFor) {
      case "request":
        return nowMs - watched.sinceMs > receiveTimeoutMs;
      case "answer":
        return false;
      case "reader": {
        const { writableLength } = watched.stream;
        if (writableLength > 0 && writableLength === watched.unreadBytes)
          return nowMs - watched.sinceMs > sendTimeoutMs;
        watched.unreadBytes = writableLength;
        watched.sinceMs = nowMs;
        return false;
      }
    }
  }

  return {
    add(stream) {
      const watched: WatchedStream = { stream, waitsFor: "request", sinceMs: performance.now(), unreadBytes: 0 };
      streams.add(watched);
      // It does not keep the process alive.
      timer ??= setInterval(look, Math.min(receiveTimeoutMs, sendTimeoutMs) / 4).unref();
      return watched;
    },
    remove(watched) {
      streams.delete(watched);
    },
  };
}
