import { createRequire } from "node:module";

/**
 * Tells whether a version lies in a range, prereleases included. A range that cannot be understood (`workspace:*`, for
 * one) excludes nothing.
 */
export function versionFits(version: string, range: string): boolean {
  // Loaded on first use: it takes longer than a plan without ranges.
  const load = createRequire(import.meta.url);
  const satisfies: typeof import("semver/functions/satisfies.js") = load("semver/functions/satisfies.js");
  const validRange: typeof import("semver/ranges/valid.js") = load("semver/ranges/valid.js");
  return validRange(range) === null || satisfies(version, range, { includePrerelease: true });
}
