import { defaultConfig } from "@flyte-agent/runtime";
import type { Plugin } from "@flyte-agent/sdk";
import { isPlugin } from "@flyte-agent/sdk/host";
import type { TestHost } from "./test-host.ts";
import type { TestHostOptions } from "./test-host-options.ts";
import { watchPlugin } from "./watch-plugin.ts";
import { createWatchedHost } from "./watched-host.ts";

/**
 * Serves a plugin in memory.
 *
 * Without `packageDir` or `manifest`, the manifest is taken to declare what the plugin's `setup` returns.
 *
 * @throws Error if the plugin cannot be set up: wrong options, a wrong manifest, or an error of its own.
 * @throws TypeError for what is no plugin.
 */
export async function createTestHost(plugin: Plugin, options: TestHostOptions = {}): Promise<TestHost> {
  if (!isPlugin(plugin)) throw notAPlugin(plugin);
  return createWatchedHost(watchPlugin(plugin), options, new Map(), defaultConfig.limits.maxJobBytes);
}

function notAPlugin(given: unknown): TypeError {
  const keys = typeof given === "object" && given !== null ? Object.keys(given) : [];
  const got = keys.length === 0 ? typeof given : `an object with ${keys.join(", ")}`;
  const hint = keys.includes("default") ? ": import its default export" : "";
  return new TypeError(`expected the plugin, which definePlugin() returned, got ${got}${hint}`);
}
