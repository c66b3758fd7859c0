#!/usr/bin/env node
// Plain JavaScript that Node 18 can read: on a Node that is too old it must still be able to say so.
const needed = [22, 18];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major > needed[0] || (major === needed[0] && minor >= needed[1])) {
  await import("../dist/main.js");
} else {
  console.error(
    `flyte-agent: Node ${process.versions.node} is too old, it needs ${needed.join(".")} or newer; ` +
      "`npm install node@24` in this project makes npx use that one.",
  );
  process.exitCode = 1;
}
