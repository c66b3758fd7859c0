import { isAbsolute, resolve } from "node:path";
import { fileURLToPath } from "node:url";

/** Tells a path or `file:` URL from the name of a package: paths start with `.`, `/`, a drive letter or `file:`. */
export function isPluginPath(text: string): boolean {
  return /^\.\.?([\\/]|$)/.test(text) || text.startsWith("file:") || isAbsolute(text);
}

/** Makes the path of a plugin absolute; the name of a package stays as it is. */
export function resolvePluginPath(text: string, baseDirectory: string): string {
  if (!isPluginPath(text)) return text;
  return text.startsWith("file:///") ? fileURLToPath(text) : resolve(baseDirectory, text.replace(/^file:/, ""));
}
