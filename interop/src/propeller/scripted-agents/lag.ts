import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { CallContext } from "@flyte-agent/sdk";
import type { ScriptSlow } from "./script.ts";

/** Waits as for a slow vendor, until the script wants it no longer, and gives up when the caller does. */
export async function lag(
  slow: ScriptSlow | undefined,
  call: "createMs" | "getMs" | "deleteMs",
  { signal }: CallContext,
): Promise<void> {
  const { [call]: lagMs = 0, until } = slow ?? {};
  const endMs = Date.now() + lagMs;
  while (Date.now() < endMs && !(until !== undefined && existsSync(until))) await delay(20, undefined, { signal });
}
