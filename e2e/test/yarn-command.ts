/** Starts Yarn, which is not on the PATH, neither here nor on a user's machine. */
export const yarnCommand: readonly [string, ...string[]] = [
  "npx",
  "--yes",
  "--package=@yarnpkg/cli-dist@4.18.1",
  "yarn",
];
