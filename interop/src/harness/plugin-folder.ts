import { join } from "node:path";

/** Folder of a plugin of this repository. */
export function pluginFolder(name: "bigquery" | "sensor" | "webhook"): string {
  return join(import.meta.dirname, "../../../plugins", name);
}
