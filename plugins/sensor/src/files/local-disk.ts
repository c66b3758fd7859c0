import { realpath } from "node:fs/promises";
import { isAbsolute, relative, sep } from "node:path";
import { untilAborted, vendorMisconfigured, vendorUnavailable } from "@flyte-agent/sdk";
import type { Sighting } from "../sensors/sensor-kind.ts";

/** Tells whether a path is a directory or below it. Both are absolute and without `..`. */
export function isBelow(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** What may be looked at. */
export interface DiskLimits {
  /** Only what lies below it counts, also after links were followed; `undefined` for everything. */
  readonly localRoot?: string | undefined;
  /** What lies below one of these is never there, also after links were followed. */
  readonly closed: readonly string[];
}

/**
 * Looks whether a file or directory is there; a link is what it points to.
 *
 * @throws AgentError `vendor_misconfigured` without permission, `vendor_unavailable` if the disk fails.
 */
export async function lookAtDisk(
  path: string,
  { localRoot, closed }: DiskLimits,
  signal: AbortSignal,
): Promise<Sighting> {
  const place = await findPlace(path, signal);
  if (place === undefined) return { there: false };
  for (const directory of closed) {
    const closedPlace = await findPlace(directory, signal);
    if (closedPlace !== undefined && isBelow(closedPlace, place)) {
      return { there: false, note: `a link leads into ${directory}, which this server never looks at for a task` };
    }
  }
  if (localRoot === undefined) return { there: true };
  const rootPlace = await findPlace(localRoot, signal);
  if (rootPlace !== undefined && isBelow(rootPlace, place)) return { there: true };
  return {
    there: false,
    note: "a link leads out of the directory that the server's operator chose (localRoot)",
  };
}

// A disk of another machine can hang for minutes: the caller is not kept waiting.
async function findPlace(path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await untilAborted(realpath(path), signal);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    const code = codeOf(cause);
    switch (code) {
      case "ENOENT":
      case "ENOTDIR":
      case "ELOOP":
      case "ENAMETOOLONG":
        return undefined;
      case "EACCES":
      case "EPERM":
        throw vendorMisconfigured("the agent server has no permission to look there; its operator must give it", {
          cause,
        });
      default:
        throw vendorUnavailable(`the agent server could not read its disk (${code})`, { cause });
    }
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
