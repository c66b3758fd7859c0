import { writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { DestinationStream } from "pino";

/** Lines on their way to a file descriptor. */
export interface LineOutput extends DestinationStream {
  /** Writes what waits, as long as somebody reads it and no longer than this. */
  flush(timeoutMs: number): Promise<void>;
}

/** What a {@link LineOutput} tells. */
export interface LineOutputEvents {
  /** A line was lost. */
  readonly onDropped: () => void;
  /** Everything is written again, after so many lines were lost. */
  readonly onResumed: (dropped: number) => void;
}

/** How much may wait. */
const maxWaitingBytes = 1024 * 1024;

/** How often what waits is tried again. */
const retryMs = 50;

/**
 * Writes lines to a file descriptor at once, which costs least and loses nothing at an exit, but never waits: what cannot be
 * written (a pipe is full and its reader stalls, or is gone; the disk is full) waits in memory, up to a mebibyte, and
 * what is beyond that is dropped.
 *
 * @param fd must not block. A pipe or socket does not once Node has made a stream of it (`process.stdout`); a terminal does.
 */
export function createLineOutput(fd: number, { onDropped, onResumed }: LineOutputEvents): LineOutput {
  /** Lines, and first perhaps the rest of one. */
  const waiting: Buffer[] = [];
  let waitingBytes = 0;
  let dropped = 0;
  let retry: NodeJS.Timeout | undefined;

  function write(line: string): void {
    if (waiting.length === 0) {
      const { written } = attempt(line);
      if (written < Buffer.byteLength(line)) wait(Buffer.from(line).subarray(written));
    } else if (waitingBytes + line.length <= maxWaitingBytes) wait(Buffer.from(line));
    else {
      dropped += 1;
      onDropped();
    }
  }

  function wait(bytes: Buffer): void {
    waiting.push(bytes);
    waitingBytes += bytes.length;
    retry ??= setInterval(writeWaiting, retryMs).unref();
  }

  function attempt(content: string | Buffer): { readonly written: number; readonly mayGoOn: boolean } {
    try {
      // One call for each of Node's two signatures.
      const written = typeof content === "string" ? writeSync(fd, content) : writeSync(fd, content);
      return { written, mayGoOn: true };
    } catch (error) {
      return { written: 0, mayGoOn: error instanceof Error && "code" in error && error.code === "EAGAIN" };
    }
  }

  /** Tells whether it is worth trying again soon: something waits, and it is for a reader that is there. */
  function writeWaiting(): boolean {
    for (let [first] = waiting; first !== undefined; [first] = waiting) {
      const { written, mayGoOn } = attempt(first);
      waitingBytes -= written;
      if (written < first.length) {
        waiting[0] = first.subarray(written);
        return mayGoOn;
      }
      waiting.shift();
    }
    clearInterval(retry);
    retry = undefined;
    const lost = dropped;
    dropped = 0;
    if (lost > 0) onResumed(lost);
    return false;
  }

  return {
    write,
    async flush(timeoutMs) {
      const endMs = performance.now() + timeoutMs;
      while (writeWaiting() && performance.now() < endMs) await delay(10);
    },
  };
}
