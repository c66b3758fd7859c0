/** Starts pnpm, which is not on the PATH, neither here nor on a user's machine. The version is that of `tools/setup.mjs`. */
export const pnpmCommand: readonly [string, ...string[]] = ["npx", "--yes", "pnpm@12.21.0"];
