import type { Plugin } from "@flyte-agent/sdk";
import { isAgentError } from "@flyte-agent/sdk";
import type { AgentSurroundings } from "../agent/agent-surroundings.ts";
import { explainLoadFailure } from "../agent/explain-load-failure.ts";
import { importPlugin, setUpPlugin } from "../agent/load-plugin.ts";
import { runAgents } from "../agent/run-agents.ts";
import { withConcealedSecrets } from "../agent/with-concealed-secrets.ts";
import { within } from "../agent/within.ts";
import type { Manifest } from "../discovery/manifest.ts";
import { errorFields } from "../log/error-fields.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { pluginUnavailable } from "../seam/call-errors.ts";
import { concealSecrets } from "../secrets/conceal-secrets.ts";
import { createSecrets } from "../secrets/create-secrets.ts";
import { createKnownSecrets } from "../secrets/known-secrets.ts";
import type { AgentHost, HostState } from "./agent-host.ts";

/** What {@link createInlineHost} needs. */
export interface InlineHostOptions extends Omit<AgentSurroundings, "knownSecrets"> {
  /** What the plugin declares. */
  readonly manifest: Pick<Manifest, "id" | "agents">;
  /** Gives the plugin: imports its module, or hands over one that is there already. */
  readonly load: () => Promise<Plugin>;
  /** Directory of the plugin's package. @default none: what it lacks is installed in the app root */
  readonly directory?: string;
  /** Where the commands are to be typed that an explanation advises. @default process.cwd() */
  readonly appRoot?: string;
  /** What the operator wrote under `config.<id>`. */
  readonly pluginOptions: unknown;
  /** Time for the plugin's setup in milliseconds. @default 30_000 */
  readonly setupTimeoutMs?: number;
  /** Time for the plugin to close what it opened, in milliseconds. @default 5_000 */
  readonly disposeTimeoutMs?: number;
  /** Told of every change of state. */
  readonly onState?: (state: HostState) => void;
}

/**
 * Gives the plugin of a module on disk.
 *
 * @param timeoutMs time for the import of the module in milliseconds.
 */
export function fromFile(entryFile: string, timeoutMs = 10_000): () => Promise<Plugin> {
  return () => importPlugin(entryFile, timeoutMs);
}

/**
 * Runs a plugin in this thread. A plugin that cannot be loaded is quarantined until the server restarts: ESM keeps a
 * failed import, so trying again would give the same.
 */
export function createInlineHost(options: InlineHostOptions): AgentHost {
  const {
    manifest,
    load,
    pluginOptions,
    environment,
    onState,
    directory,
    appRoot = process.cwd(),
    setupTimeoutMs = 30_000,
    disposeTimeoutMs = 5_000,
  } = options;
  const log = options.log.with({ plugin: manifest.id });
  const knownSecrets = createKnownSecrets();
  const stop = new AbortController();
  let state: HostState = { kind: "waiting" };
  /** The plugin from the moment its setup begins until it is disposed of. */
  let opened: Plugin | undefined;
  let calls: AgentCalls | undefined;

  function become(next: HostState): void {
    state = next;
    onState?.(next);
  }

  async function importAndSetUp(): Promise<void> {
    const startMs = performance.now();
    try {
      const plugin = await load();
      const secrets = createSecrets({}, { environment, onFound: knownSecrets.add });
      const { signal } = stop;
      opened = plugin;
      const agents = await setUpPlugin(plugin, {
        manifest,
        options: pluginOptions,
        secrets,
        log,
        signal,
        setupTimeoutMs,
      });
      calls = withConcealedSecrets(runAgents(agents, { ...options, log, knownSecrets }), knownSecrets, log);
      if (state.kind === "importing") become({ kind: "ready", importMs: performance.now() - startMs });
      else await dispose();
    } catch (reason) {
      log.error("plugin is quarantined: it could not be loaded", {
        ...(isAgentError(reason) ? { outcome: reason.code } : {}),
        ...errorFields(reason),
      });
      const { reason: text, fix } = explainLoadFailure(reason, { id: manifest.id, directory, appRoot });
      const shown = concealSecrets(text, knownSecrets.values());
      if (state.kind === "importing") become({ kind: "quarantined", reason: shown, fix });
      await dispose();
    }
  }

  // Not even a plugin that never comes to an end holds up the server's.
  async function dispose(): Promise<void> {
    const plugin = opened;
    opened = undefined;
    stop.abort();
    try {
      await within(disposeTimeoutMs, "closing the plugin", Promise.resolve(plugin?.dispose()));
    } catch (reason) {
      log.error("plugin did not close cleanly", { error: reason });
    }
  }

  function running(): AgentCalls {
    if (calls !== undefined && state.kind === "ready") return calls;
    throw pluginUnavailable(manifest.id, state.kind === "quarantined" ? state.reason : `it is ${state.kind}`);
  }

  return {
    get state() {
      return state;
    },
    start() {
      switch (state.kind) {
        case "waiting": {
          const { promise, resolve } = Promise.withResolvers<void>();
          become({ kind: "importing", ready: promise });
          return importAndSetUp().finally(resolve);
        }
        case "importing":
          return state.ready;
        default:
          return Promise.resolve();
      }
    },
    async close() {
      if (state.kind === "stopped") return;
      become({ kind: "stopped" });
      // One that is still being set up is closed as soon as it is there.
      await dispose();
    },
    create: async (call, signal) => running().create(call, signal),
    do: async (call, signal) => running().do(call, signal),
    get: async (call, signal) => running().get(call, signal),
    delete: async (call, signal) => running().delete(call, signal),
    metrics: async (call, signal) => running().metrics(call, signal),
    logs: async (call, signal) => running().logs(call, signal),
  };
}
