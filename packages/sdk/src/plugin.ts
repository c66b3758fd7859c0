import type { Agent } from "./agent.ts";
import { pluginInvalid } from "./errors.ts";
import type { Log } from "./log.ts";
import type { Secrets } from "./secrets.ts";
import type { StandardSchema } from "./standard-schema.ts";

/**
 * The contract between plugins and runtimes, as a whole number. A plugin names the one it needs as `apiVersion` in its
 * manifest; it grows when a plugin can need something that older runtimes lack.
 */
export const pluginApiVersion = 1;

/** What `setup` gets. */
export interface SetupContext<Options> {
  /** The plugin's options, as its schema made them. */
  readonly options: Options;
  /** The server's own secrets: its environment and secret files. There is no call yet that could bring others. */
  readonly secrets: Secrets;
  /** The plugin's log. */
  readonly log: Log;
  /** Aborts when the server stops, when the time for `setup` is over, and when the plugin is not accepted. */
  readonly signal: AbortSignal;
}

const brand: unique symbol = Symbol.for("flyte-agent.plugin") as never; // `Symbol.for` cannot be typed unique

/** A plugin, made by {@link definePlugin}: the default export of a plugin package. */
export interface Plugin {
  /** The {@link pluginApiVersion} of the SDK that made it. */
  readonly [brand]: number;
  /** Schema of the options; without one the plugin has none. */
  readonly options: StandardSchema | undefined;
  /** Every key that the options may have. */
  readonly optionKeys: readonly string[];
  /** Makes the agents; called once, after the options were checked. */
  setup(context: SetupContext<unknown>): readonly Agent[] | Promise<readonly Agent[]>;
  /**
   * Closes what `setup` opened. Called once, after `setup` has ended (also if it threw), when the server has answered its
   * last call.
   */
  dispose(): Promise<void>;
}

/** Argument of {@link definePlugin}. */
export interface PluginSpec<Options> {
  /** Checks the options that the operator writes under `config.<id>`. */
  readonly options?: StandardSchema<Options>;
  /**
   * The keys of the options, so that a mistyped one can be refused with the nearest. Needed for schemas that do not
   * offer `~standard.jsonSchema` (valibot: `Object.keys(schema.entries)`).
   */
  readonly optionKeys?: readonly string[];
  /** Makes the agents. They must be exactly those that the manifest declares. */
  readonly setup: (context: SetupContext<Options>) => readonly Agent[] | Promise<readonly Agent[]>;
  /** Closes what `setup` opened. Called once, after `setup` has ended, also if it threw. */
  readonly dispose?: () => void | Promise<void>;
}

/**
 * Makes a plugin: the default export of a package whose `package.json` has a `flyte-agent` manifest.
 *
 * @throws AgentError `plugin_invalid` if a member is missing, or the keys of the options cannot be told.
 *
 * @example
 * ```ts
 * export default definePlugin({
 *   options: v.object({ region: v.string() }),
 *   optionKeys: ["region"],
 *   setup({ options, log }) {
 *     log.info("serving", { region: options.region });
 *     return [defineSyncAgent({ name: "Echo", taskType: "echo", do: async () => succeeded() })];
 *   },
 * });
 * ```
 */
export function definePlugin<Options = Record<string, never>>(spec: PluginSpec<Options>): Plugin {
  if (typeof spec.setup !== "function") throw pluginInvalid("definePlugin needs a function as setup");
  return {
    [brand]: pluginApiVersion,
    options: spec.options,
    optionKeys: optionKeysOf(spec),
    // The runtime gives `setup` what the plugin's own schema made, which is of this type.
    setup: (context) => spec.setup(context as SetupContext<Options>),
    dispose: async () => spec.dispose?.(),
  };
}

/** Tells whether a value is a plugin made by any copy of the SDK. */
export function isPlugin(value: unknown): value is Plugin {
  return typeof value === "object" && value !== null && brand in value;
}

/** The {@link pluginApiVersion} that a plugin was made with. */
export function apiVersionOf(plugin: Plugin): number {
  return plugin[brand];
}

function optionKeysOf(spec: Pick<PluginSpec<unknown>, "options" | "optionKeys">): readonly string[] {
  if (spec.options === undefined) return [];
  if (spec.optionKeys !== undefined) return spec.optionKeys;
  const schema = spec.options["~standard"].jsonSchema?.input({ target: "draft-2020-12" });
  const properties = schema?.properties;
  if (typeof properties !== "object" || properties === null) {
    throw pluginInvalid(
      "definePlugin cannot tell the keys of the options from their schema: list them as optionKeys " +
        "(valibot: Object.keys(schema.entries))",
    );
  }
  return Object.keys(properties);
}
