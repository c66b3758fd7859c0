import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readPackageFile } from "../discovery/read-package-file.ts";

/** The version of the SDK that this runtime uses, or `undefined` if it cannot be told (in a bundle, for one). */
export function sdkVersion(): string | undefined {
  let file: string;
  try {
    file = fileURLToPath(import.meta.resolve("@flyte-agent/sdk"));
  } catch {
    return undefined;
  }
  for (let directory = dirname(file); directory !== dirname(directory); directory = dirname(directory)) {
    if (!existsSync(join(directory, "package.json"))) continue;
    const packageFile = readPackageFile(directory);
    const version = packageFile.kind === "read" ? packageFile.content.version : undefined;
    return typeof version === "string" ? version : undefined;
  }
  return undefined;
}
