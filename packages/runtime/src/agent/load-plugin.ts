import { pathToFileURL } from "node:url";
import type { Plugin } from "@flyte-agent/sdk";
import { isPlugin, pluginInvalid } from "@flyte-agent/sdk/host";
import { locateModuleError } from "./locate-module-error.ts";
import { within } from "./within.ts";

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
