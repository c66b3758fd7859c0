/** As `engines.node` of our packages says. */
const neededNode = [22, 18] as const;

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < neededNode[0] || (major === neededNode[0] && minor < neededNode[1])) {
  throw new Error(
    `@flyte-agent/testing: Node ${process.versions.node} is too old, it needs ${neededNode.join(".")} or newer; ` +
      "`npm install --save-dev node@24` in this project makes npx and npm's scripts use that one.",
  );
}
