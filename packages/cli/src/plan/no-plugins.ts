import { manifestKey, packageCommands } from "@flyte-agent/runtime";
import { readJsonObject } from "../process/read-json-object.ts";

/**
 * What is said where no plugin is served: how to get one, or in the directory of a plugin, whose `package.json` does not
 * list the plugin itself, how to serve that.
 */
export function noPlugins(appRoot: string): { readonly text: string; readonly fix: string } {
  const text = "no plugin is served here";
  const commands = packageCommands(appRoot);
  return Object.hasOwn(readJsonObject(`${appRoot}/package.json`), manifestKey)
    ? { text: `${text} but the one of this directory could be`, fix: commands.run("serve --modules .") }
    : { text, fix: `${commands.add("flyte-agent-webhook")}, for example, and restart` };
}
