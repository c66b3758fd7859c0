import { pluginOptions } from "../config/plugin-options.ts";
import type { ResolvedConfig } from "../config/resolved-config.ts";
import type { RuntimeLog } from "../log/create-log.ts";
import type { PlanEntry } from "../plan/plan.ts";
import type { AgentHost, HostState } from "./agent-host.ts";
import { createInlineHost, fromFile } from "./inline-host.ts";

/** What the plugins of a plan are run with. */
export interface PluginHostOptions {
  /** The whole configuration: the plugin's options, and the bounds on inputs and jobs. */
  readonly config: Pick<ResolvedConfig, "appRoot" | "config" | "inputs" | "limits">;
  /** The server's log; the plugin's lines name the plugin. */
  readonly log: RuntimeLog;
  /** Where secrets and settings come from. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Time for reading one offloaded input, in milliseconds. */
  readonly storeTimeoutMs: number;
  /** Time for a plugin to close what it opened, in milliseconds. */
  readonly disposeTimeoutMs: number;
  /** Told of every change of state. */
  readonly onState: (state: HostState) => void;
}

/** Makes the host of an accepted plugin, with the time-outs of its manifest and the options of the configuration. */
export function createPluginHost(
  { candidate, manifest, entryFile }: PlanEntry,
  { config, log, environment, storeTimeoutMs, disposeTimeoutMs, onState }: PluginHostOptions,
): AgentHost {
  if (manifest === undefined || entryFile === undefined)
    throw new TypeError("an accepted plugin has manifest and entry file");
  return createInlineHost({
    manifest,
    load: fromFile(entryFile, manifest.timeouts.importMs),
    directory: candidate.directory,
    appRoot: config.appRoot,
    pluginOptions: pluginOptions(config, manifest.id),
    environment,
    log,
    inputs: config.inputs,
    storeTimeoutMs,
    maxJobBytes: config.limits.maxJobBytes,
    setupTimeoutMs: manifest.timeouts.activateMs,
    disposeTimeoutMs,
    onState,
  });
}
