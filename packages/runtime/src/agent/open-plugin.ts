import type { Plugin } from "@flyte-agent/sdk";
import { untilAborted } from "@flyte-agent/sdk";
import { apiVersionOf, pluginApiVersion, pluginInvalid } from "@flyte-agent/sdk/host";
import type { Manifest } from "../discovery/manifest.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { pluginUnavailable } from "../seam/call-errors.ts";
import { createSecrets } from "../secrets/create-secrets.ts";
import type { AgentSurroundings } from "./agent-surroundings.ts";
import { checkOptions } from "./check-options.ts";
import { declaredAgents } from "./declared-agents.ts";
import { runAgents } from "./run-agents.ts";
import { tookTooLong } from "./took-too-long.ts";
import { withConcealedSecrets } from "./with-concealed-secrets.ts";

/** What {@link openPlugin} needs. */
export interface PluginOpening extends AgentSurroundings {
  /** What the plugin declares. */
  readonly manifest: Pick<Manifest, "id" | "agents">;
  /** Gives the plugin: imports its module, or hands over one that is there already. */
  readonly load: () => Promise<Plugin>;
  /** What the operator wrote under `config.<id>`, `undefined` for nothing. */
  readonly pluginOptions: unknown;
  /** Time for the check of the options and for `setup` together, in milliseconds. */
  readonly setupTimeoutMs: number;
}

/** A plugin that is being opened, or is open. */
export interface OpenedPlugin {
  /**
   * Its calls, once it is set up. Rejects if it cannot be opened, and as soon as it is disposed of or the time for its
   * set-up is over: with AgentError `invalid_option` for options that it refuses, `plugin_invalid` for what is no plugin
   * or not that of the manifest, `plugin_failed` for a time-out, and with whatever its module or `setup` throws.
   */
  readonly calls: Promise<AgentCalls>;
  /**
   * Ends the plugin: aborts the signal that `setup` got, waits until `setup` has ended, and lets the plugin close what it
   * opened, once, however often it is called. A plugin whose `setup` has not begun is neither set up nor closed. Settles
   * when that is done, which may be never; does not reject: what the plugin throws is logged.
   */
  dispose(): Promise<void>;
}

/** A plugin from the moment its `setup` is called, when there may be something to close. */
interface SetUp {
  readonly plugin: Plugin;
  readonly agents: Promise<unknown>;
}

/** Imports a plugin, checks its options and sets it up. The only place where a plugin is opened and closed. */
export function openPlugin(opening: PluginOpening): OpenedPlugin {
  const { manifest, load, pluginOptions, setupTimeoutMs, log, environment, knownSecrets } = opening;
  const stop = new AbortController();
  const { signal } = stop;
  let setUp: SetUp | undefined;
  let disposed: Promise<void> | undefined;

  async function open(): Promise<AgentCalls> {
    const plugin = await untilAborted(load(), signal);
    signal.throwIfAborted();
    refuseNewerApi(plugin);
    const timer = setTimeout(() => stop.abort(tookTooLong("the plugin's setup", setupTimeoutMs)), setupTimeoutMs);
    try {
      const options = await untilAborted(checkOptions(plugin, manifest.id, pluginOptions), signal);
      // What is begun after `dispose` would never be closed.
      signal.throwIfAborted();
      const secrets = createSecrets({}, { environment, onFound: knownSecrets.add });
      const agents = startSetup(plugin, { options, secrets, log, signal });
      const declared = declaredAgents(await untilAborted(agents, signal), manifest.agents);
      return withConcealedSecrets(runAgents(declared, opening), knownSecrets, log);
    } finally {
      clearTimeout(timer);
    }
  }

  function startSetup(plugin: Plugin, context: Parameters<Plugin["setup"]>[0]): Promise<unknown> {
    // `setup` may throw before it gives a promise.
    const agents = (async () => await plugin.setup(context))();
    setUp = { plugin, agents };
    return agents;
  }

  async function close(): Promise<void> {
    if (setUp === undefined) return;
    await Promise.allSettled([setUp.agents]);
    try {
      await setUp.plugin.dispose();
    } catch (reason) {
      log.error("plugin did not close cleanly", { error: reason });
    }
  }

  return {
    calls: open(),
    dispose() {
      stop.abort(pluginUnavailable(manifest.id, "it is being closed"));
      disposed ??= close();
      return disposed;
    },
  };
}

function refuseNewerApi(plugin: Plugin): void {
  if (apiVersionOf(plugin) <= pluginApiVersion) return;
  throw pluginInvalid(
    `it was made with plugin API ${apiVersionOf(plugin)}, this server has ${pluginApiVersion}: update flyte-agent`,
  );
}
