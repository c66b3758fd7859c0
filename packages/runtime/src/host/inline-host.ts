import type { Plugin } from "@flyte-agent/sdk";
import { createConcealer, isAgentError } from "@flyte-agent/sdk";
import { explainLoadFailure } from "../agent/explain-load-failure.ts";
import { importPlugin } from "../agent/load-plugin.ts";
import { type OpenedPlugin, openPlugin, type PluginOpening } from "../agent/open-plugin.ts";
import { within } from "../agent/within.ts";
import { errorFields } from "../log/error-fields.ts";
import type { AgentCalls } from "../seam/agent-calls.ts";
import { pluginUnavailable } from "../seam/call-errors.ts";
import { createKnownSecrets } from "../secrets/known-secrets.ts";
import type { AgentHost, HostState } from "./agent-host.ts";

/** What {@link createInlineHost} needs. */
export interface InlineHostOptions extends Omit<PluginOpening, "knownSecrets" | "setupTimeoutMs"> {
  /** Directory of the plugin's package. @default none: what it lacks is installed in the app root */
  readonly directory?: string;
  /** Where the commands are to be typed that an explanation advises. @default process.cwd() */
  readonly appRoot?: string;
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

/** The states of a host, each with what it holds. */
type Life =
  | Of<"waiting">
  | (Of<"importing"> & { readonly plugin: OpenedPlugin })
  | (Of<"ready"> & { readonly plugin: OpenedPlugin; readonly calls: AgentCalls })
  | (Of<"quarantined"> & { readonly plugin: OpenedPlugin })
  | Of<"stopping">
  | Of<"stopped">;

type Of<Kind extends HostState["kind"]> = Extract<HostState, { readonly kind: Kind }>;

/**
 * Runs a plugin in this thread. A plugin that cannot be loaded is quarantined until the server restarts: ESM keeps a
 * failed import, so trying again would give the same.
 */
export function createInlineHost(options: InlineHostOptions): AgentHost {
  const { manifest, onState, directory, appRoot = process.cwd() } = options;
  const { setupTimeoutMs = 30_000, disposeTimeoutMs = 5_000 } = options;
  const log = options.log.with({ plugin: manifest.id });
  const knownSecrets = createKnownSecrets(log.secrets.add);
  let life: Life = { kind: "waiting" };

  function become(next: Life): void {
    life = next;
    onState?.(stateOf(next));
  }

  async function open(plugin: OpenedPlugin): Promise<void> {
    const startMs = performance.now();
    const isOver = (): boolean => life.kind !== "importing";
    try {
      const calls = await plugin.calls;
      if (!isOver()) become({ kind: "ready", importMs: performance.now() - startMs, plugin, calls });
    } catch (reason) {
      if (isOver()) return;
      become({ kind: "quarantined", ...quarantine(reason), plugin });
      // Whoever stops the host waits for it.
      void plugin.dispose();
    }
  }

  function quarantine(reason: unknown): Pick<Of<"quarantined">, "reason" | "fix"> {
    log.error("plugin is quarantined: it could not be loaded", {
      ...(isAgentError(reason) ? { outcome: reason.code } : {}),
      ...errorFields(reason),
    });
    const { reason: text, fix } = explainLoadFailure(reason, { id: manifest.id, directory, appRoot });
    return { reason: createConcealer(knownSecrets.values()).conceal(text), fix };
  }

  // Not even a plugin that never comes to an end holds up the server's.
  async function end(plugin: OpenedPlugin): Promise<void> {
    try {
      await within(disposeTimeoutMs, "closing the plugin", plugin.dispose());
    } catch (reason) {
      log.error("plugin did not close cleanly", errorFields(reason));
    }
    become({ kind: "stopped" });
  }

  function running(): AgentCalls {
    return life.kind === "ready" ? life.calls : unavailable;
  }

  const refuse = async (): Promise<never> => {
    throw pluginUnavailable(manifest.id, life.kind === "quarantined" ? life.reason : `it is ${life.kind}`);
  };
  const unavailable = { create: refuse, do: refuse, get: refuse, delete: refuse, metrics: refuse, logs: refuse };

  return {
    get state() {
      return stateOf(life);
    },
    start() {
      switch (life.kind) {
        case "waiting": {
          const { promise, resolve } = Promise.withResolvers<void>();
          const plugin = openPlugin({ ...options, log, knownSecrets, setupTimeoutMs });
          become({ kind: "importing", ready: promise, plugin });
          return open(plugin).finally(resolve);
        }
        case "importing":
          return life.ready;
        default:
          return Promise.resolve();
      }
    },
    close() {
      switch (life.kind) {
        case "waiting":
          become({ kind: "stopped" });
          return Promise.resolve();
        case "importing":
        case "ready":
        case "quarantined": {
          const { promise, resolve } = Promise.withResolvers<void>();
          const { plugin } = life;
          become({ kind: "stopping", stopped: promise });
          return end(plugin).finally(resolve);
        }
        case "stopping":
          return life.stopped;
        case "stopped":
          return Promise.resolve();
      }
    },
    create: (call, signal) => running().create(call, signal),
    do: (call, signal) => running().do(call, signal),
    get: (call, signal) => running().get(call, signal),
    delete: (call, signal) => running().delete(call, signal),
    metrics: (call, signal) => running().metrics(call, signal),
    logs: (call, signal) => running().logs(call, signal),
  };
}

/** What is told of a life: plain data. */
function stateOf(life: Life): HostState {
  switch (life.kind) {
    case "importing":
      return { kind: life.kind, ready: life.ready };
    case "ready":
      return { kind: life.kind, importMs: life.importMs };
    case "quarantined":
      return { kind: life.kind, reason: life.reason, fix: life.fix };
    default:
      return life;
  }
}
