import { join } from "node:path";
import { appRootUnreadable } from "./discovery-errors.ts";
import { readPackageFile } from "./read-package-file.ts";

/** What the `package.json` of the app root says about plugins. */
export interface AppRootDependencies {
  /** Names in `dependencies`: installing a package there is consent to run it. */
  readonly required: readonly string[];
  /** Names in `optionalDependencies`, which may be missing on this machine. */
  readonly optional: readonly string[];
  /** Names in `devDependencies`, which are not served. */
  readonly dev: readonly string[];
}

/**
 * Reads which packages the app root depends on.
 *
 * @returns `undefined` if the app root has no `package.json`.
 * @throws AgentError `invalid_config` if it has one that cannot be used.
 */
export function readAppRoot(appRoot: string): AppRootDependencies | undefined {
  const result = readPackageFile(appRoot);
  switch (result.kind) {
    case "read":
      return {
        required: keysOf(result.content.dependencies),
        optional: keysOf(result.content.optionalDependencies),
        dev: keysOf(result.content.devDependencies),
      };
    case "unreadable":
      throw appRootUnreadable(join(appRoot, "package.json"), result.reason);
    default:
      return undefined;
  }
}

function keysOf(value: unknown): readonly string[] {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
}
