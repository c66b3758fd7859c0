#!/usr/bin/env node
// Plain JavaScript that Node 18 can read: on a Node that is too old it must still be able to say so.
import { existsSync } from "node:fs";

const needed = [22, 18];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  await import("../dist/main.js");
} else {
  console.error(
    `flyte-agent: Node ${process.versions.node} is too old, it needs ${needed.join(".")} or newer; ${wayToNewNode()}.`,
  );
  process.exitCode = 1;
}

/** How the package manager in use gets a newer Node into this project. */
function wayToNewNode() {
  const isInUse = (name, lockFile) =>
    existsSync(lockFile) || (process.env.npm_config_user_agent ?? "").startsWith(`${name}/`);
  if (isInUse("pnpm", "pnpm-lock.yaml")) {
    // `pnpm add node@24` is something else: it downloads from nodejs.org, past the registry.
    return "`pnpm add --allow-build=node node@npm:node@24` in this project makes pnpm exec use that one";
  }
  if (isInUse("yarn", "yarn.lock")) {
    // Yarn runs no build scripts, which the package `node` needs, and puts its own Node before all others.
    return "`npx --package node@24 --call 'yarn flyte-agent serve'` starts it with one";
  }
  return "`npm install node@24` in this project makes npx use that one";
}
