import { readFileSync } from "node:fs";

/** The version of this package. */
export function ownVersion(): string {
  const packageFile: unknown = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  return typeof packageFile === "object" && packageFile !== null && "version" in packageFile
    ? String(packageFile.version)
    : "unknown";
}
