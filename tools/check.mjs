/** Every check that reads the repository without running it: `npm run check`. All of them run, also after one has failed. */
import { spawnSync } from "node:child_process";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = join(root, "node_modules/.bin");

const checks = [
  // Without --colors=off Biome colours every letter of what it prints, in a log file too.
  ["biome", "ci", "--colors=off", "--diagnostic-level=warn", "--error-on-warnings", "."],
  ["buf", "lint"],
  ["buf", "format", "--diff", "--exit-code"],
  ["buf", "breaking", "--against", "proto/baseline.binpb"],
  ["node", "tools/check-layers.ts"],
  ["node", "tools/check-packages.ts"],
  ["node", "tools/check-docs.ts"],
];

const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH}` };
const failed = checks.filter(([program, ...args]) => {
  console.log(`\n$ ${program} ${args.join(" ")}`);
  return spawnSync(join(bin, program), args, { cwd: root, env, stdio: "inherit" }).status !== 0;
});
for (const check of failed) {
  console.error(`\nfailed: ${check.join(" ")}`);
}
process.exitCode = failed.length === 0 ? 0 : 1;
