import { setTimeout as delay } from "node:timers/promises";
import type { CallContext } from "@flyte-agent/sdk";

/** Waits as for a slow vendor, in milliseconds, and gives up when the caller does. */
export async function lag(delayMs: number | undefined, { signal }: CallContext): Promise<void> {
  if (delayMs !== undefined) await delay(delayMs, undefined, { signal });
}
