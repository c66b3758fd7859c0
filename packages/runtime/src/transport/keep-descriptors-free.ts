import { closeSync, openSync } from "node:fs";
import type { Server } from "node:net";
import type { Log } from "@flyte-agent/sdk";
import { descriptorLimit } from "../files/descriptor-limit.ts";

/** What {@link keepDescriptorsFree} needs. */
export interface DescriptorKeeperOptions {
  /** Told of each connection that was refused. */
  readonly onRefused: () => void;
  readonly log: Log;
}

/**
 * Refuses new connections before they take the last file descriptors, which plugins, log and metrics need, too.
 *
 * At the limit itself nobody would hear of it: libuv accepts and closes what waits, without a word to the program.
 */
export function keepDescriptorsFree(server: Server, { onRefused, log }: DescriptorKeeperOptions): void {
  const limit = descriptorLimit();
  const highest = limit === undefined ? Number.POSITIVE_INFINITY : limit - Math.min(mostKept, Math.floor(limit / 10));
  let refusedAtMs = Number.NEGATIVE_INFINITY;

  function look(): void {
    if (nextDescriptor() < highest) {
      server.maxConnections = Number.POSITIVE_INFINITY;
      return;
    }
    // What is open stays open. Once a connection has ended there is room for one, and this is looked at again.
    server.getConnections((_error, count) => {
      server.maxConnections = count;
    });
  }

  function refused(): void {
    const nowMs = performance.now();
    if (nowMs - refusedAtMs > episodeMs) {
      server.getConnections((_error, connections) => {
        const known = limit === undefined ? {} : { limit };
        log.error(`new connections are refused: ${tooFew}`, { connections, ...known });
      });
    }
    refusedAtMs = nowMs;
    onRefused();
  }

  server.on("connection", look);
  server.on("drop", () => {
    refused();
    look();
  });
  server.on("error", (error) => {
    if (isOutOfDescriptors(error)) refused();
  });
}

/** As many are kept as a busy plugin may need for its connections to a vendor; a tenth where there are few. */
const mostKept = 100;

const tooFew = "too few file descriptors are left; raise the limit (ulimit -n), or find out who keeps so many open";

/** Refusals that are closer together are one line in the log. */
const episodeMs = 60_000;

// The system gives the lowest descriptor that is free: nearly all below it are in use.
function nextDescriptor(): number {
  try {
    const descriptor = openSync("/dev/null", "r");
    closeSync(descriptor);
    return descriptor;
  } catch (error) {
    return isOutOfDescriptors(error) ? Number.POSITIVE_INFINITY : 0;
  }
}

function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
}
