import { pathToFileURL } from "node:url";
import type { Agent, Log, Plugin, Secrets } from "@flyte-agent/sdk";
import { apiVersionOf, isPlugin, modeOf, pluginApiVersion, pluginInvalid } from "@flyte-agent/sdk/host";
import type { DeclaredAgent, Manifest } from "../discovery/manifest.ts";
import { categoryKey } from "../seam/agent-calls.ts";
import { checkOptions } from "./check-options.ts";
import { locateModuleError } from "./locate-module-error.ts";
import { within } from "./within.ts";

/** What {@link setUpPlugin} needs. */
export interface PluginSetup {
  readonly manifest: Pick<Manifest, "id" | "agents">;
  /** What the operator wrote under `config.<id>`, `undefined` for nothing. */
  readonly options: unknown;
  readonly secrets: Secrets;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Time for `setup` in milliseconds. */
  readonly setupTimeoutMs: number;
}

/**
 * Imports a plugin's module.
 *
 * @param entryFile absolute path of the module.
 * @param timeoutMs time for the import in milliseconds; a module that never ends its top-level await is given up.
 * @throws AgentError `plugin_invalid` if the default export is no plugin; whatever the module throws, with the place in the
 *   stack of a SyntaxError.
 */
export async function importPlugin(entryFile: string, timeoutMs: number): Promise<Plugin> {
  const importing: Promise<unknown> = import(pathToFileURL(entryFile).href);
  try {
    return pluginOf(await within(timeoutMs, "importing the plugin's module", importing));
  } catch (reason) {
    throw await locateModuleError(reason, entryFile);
  }
}

/**
 * Sets a plugin up: checks its options, makes its agents, and compares them with what its manifest declares.
 *
 * @returns the agents by `categoryKey`.
 * @throws AgentError `invalid_option` for options that the plugin refuses, `plugin_invalid` if the agents are not those
 *   of the manifest; whatever `setup` throws.
 */
export async function setUpPlugin(plugin: Plugin, setup: PluginSetup): Promise<ReadonlyMap<string, Agent>> {
  const { manifest, secrets, log, signal, setupTimeoutMs } = setup;
  if (apiVersionOf(plugin) > pluginApiVersion) {
    throw pluginInvalid(
      `it was made with plugin API ${apiVersionOf(plugin)}, this server has ${pluginApiVersion}: update flyte-agent`,
    );
  }
  const setUp = async (): Promise<unknown> => {
    const options = await checkOptions(plugin, manifest.id, setup.options);
    return await plugin.setup({ options, secrets, log, signal });
  };
  return byCategory(await within(setupTimeoutMs, "the plugin's setup", setUp()), manifest.agents);
}

function pluginOf(module: unknown): Plugin {
  const exported = memberOf(module, "default");
  if (isPlugin(exported)) return exported;
  // A CommonJS module compiled from ESM arrives with its default export one level deeper.
  const inner = memberOf(exported, "default");
  if (isPlugin(inner)) return inner;
  const names = typeof module === "object" && module !== null ? Object.keys(module) : [];
  throw pluginInvalid(
    "the module's default export must be what definePlugin() returned, got " +
      `${exported === undefined ? "no default export" : `a default export of type ${typeof exported}`} ` +
      `(exports: ${names.join(", ") || "none"})`,
  );
}

function memberOf(value: unknown, name: string): unknown {
  // Only read, and checked by the caller.
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function byCategory(agents: unknown, declared: readonly DeclaredAgent[]): ReadonlyMap<string, Agent> {
  if (!Array.isArray(agents)) throw pluginInvalid(`setup must return a list of agents, got ${typeof agents}`);
  const registered = new Map<string, Agent>();
  // `define…Agent` made them; the comparison below reads them member by member.
  for (const agent of agents as readonly Agent[]) {
    const key = categoryKey({ name: agent.taskType, version: agent.taskTypeVersion });
    if (registered.has(key)) throw pluginInvalid(`setup returned two agents for task type ${key}`);
    registered.set(key, agent);
  }
  const expected = declared.map(describe);
  const got = [...registered].map(([key, agent]) => `${key} (${modeOf(agent)}, "${agent.name}")`);
  const missing = expected.filter((agent) => !got.includes(agent));
  const extra = got.filter((agent) => !expected.includes(agent));
  if (missing.length === 0 && extra.length === 0) return registered;
  throw pluginInvalid(
    "the agents that setup returned are not those of the manifest" +
      `${missing.length === 0 ? "" : `; declared but not returned: ${missing.join(", ")}`}` +
      `${extra.length === 0 ? "" : `; returned but not declared: ${extra.join(", ")}`}`,
  );
}

function describe({ category, mode, name }: DeclaredAgent): string {
  return `${categoryKey(category)} (${mode}, "${name}")`;
}
