import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { usageError } from "../arguments/usage-error.ts";
import type { Terminal } from "../print/terminal.ts";

/** The JSON Schemas that can be printed. */
export const schemaNames: readonly string[] = ["manifest", "config"];

/** Prints a JSON Schema, for editors and checks. */
export async function printSchema(name: string, { out }: Terminal): Promise<void> {
  if (!schemaNames.includes(name))
    throw usageError(`there is no schema "${name}", there is: ${schemaNames.join(", ")}`);
  const file = fileURLToPath(
    import.meta.resolve(name === "config" ? "flyte-agent/config.schema.json" : "@flyte-agent/sdk/manifest.schema.json"),
  );
  out.write(await readFile(file, "utf8"));
}
