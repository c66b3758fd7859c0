/** What requests of a server may hold of its memory together. */
export interface RequestMemory {
  /** All that they may. */
  readonly maxBytes: number;
  /** The share of a new request, empty. */
  open(): RequestShare;
}

/** What one request holds, from its first byte until its stream is closed. */
export interface RequestShare {
  /** Asks for room for so many bytes more; `false` if there is none. */
  take(bytes: number): boolean;
  /** Gives all of it back. */
  release(): void;
}

/** So much is free for each request: no large ones are in the way of polls. */
const freeBytes = 64 * 1024;

/**
 * Makes the memory of a server. A request is held as it was sent for as long as its agent works, and its caller may take a
 * minute to send it: without a bound, some dozens of large ones would end the process.
 */
export function createRequestMemory(maxBytes: number): RequestMemory {
  let heldBytes = 0;
  return {
    maxBytes,
    open() {
      let seenBytes = 0;
      let ownBytes = 0;
      return {
        take(bytes) {
          seenBytes += bytes;
          const more = Math.max(0, seenBytes - freeBytes) - ownBytes;
          if (more > 0 && heldBytes + more > maxBytes) return false;
          ownBytes += more;
          heldBytes += more;
          return true;
        },
        release() {
          heldBytes -= ownBytes;
          ownBytes = 0;
          seenBytes = 0;
        },
      };
    },
  };
}
