import { defaultConfig } from "@flyte-agent/runtime";
import type { Plugin } from "@flyte-agent/sdk";
import type { TestHostOptions } from "./serve-plugin.ts";
import type { TestHost } from "./test-host.ts";
import { watchPlugin } from "./watch-plugin.ts";
import { createWatchedHost } from "./watched-host.ts";

/**
 * Serves a plugin in memory.
 *
 * Without `packageDir` or `manifest`, the manifest is taken to declare what the plugin's `setup` returns.
 *
 * @throws Error if the plugin cannot be set up: wrong options, a wrong manifest, or an error of its own.
 */
export async function createTestHost(plugin: Plugin, options: TestHostOptions = {}): Promise<TestHost> {
  return createWatchedHost(watchPlugin(plugin), options, new Map(), defaultConfig.limits.maxJobBytes);
}
