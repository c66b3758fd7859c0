import { setTimeout } from "node:timers/promises";
import type { Runtime } from "@flyte-agent/runtime/internal";
import type { WatchedPlugin } from "./watch-plugin.ts";

/** How long calls that a test has cancelled may take to end. */
const graceMs = 500;

/**
 * Closes the plugin.
 *
 * @throws Error if calls are still open, if a handler still runs, or if the plugin's `dispose` failed.
 */
export async function closeHost(runtime: Runtime, watched: WatchedPlugin): Promise<void> {
  const untilMs = Date.now() + graceMs;
  // At least one turn: a call that was made just now has not come to the server yet.
  do await setTimeout(2);
  while (runtime.openCalls.count + watched.running > 0 && Date.now() < untilMs);
  const { count } = runtime.openCalls;
  const { running } = watched;
  runtime.openCalls.abortAll();
  await runtime.close();
  if (watched.failure !== undefined) {
    throw new Error("the plugin's dispose failed", { cause: watched.failure.reason });
  }
  if (count > 0) throw new Error(`calls were still open when the test ended: ${count}. Wait for them or cancel them`);
  if (running > 0) {
    throw new Error(
      `handlers still ran ${graceMs} ms after their calls had ended: ${running}. Hand context.signal to all that waits`,
    );
  }
}
