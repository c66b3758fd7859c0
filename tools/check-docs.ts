/**
 * Checks that editors have something to show for everything that a plugin author can type: every export and every member of it has a
 * comment. `npm run check` runs it.
 */
import { fileURLToPath } from "node:url";
import { exportedMembers } from "./docs/exported-members.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Entries by the name that they are imported by. */
const entries: Readonly<Record<string, string>> = {
  "@flyte-agent/literals": "packages/literals/src/index.ts",
  "@flyte-agent/sdk": "packages/sdk/src/index.ts",
  "@flyte-agent/client": "packages/client/src/index.ts",
  "@flyte-agent/testing": "packages/testing/src/index.ts",
  "@flyte-agent/runtime": "packages/runtime/src/index.ts",
};

for (const [name, entry] of Object.entries(entries)) {
  const members = exportedMembers(root, entry, (specifier) => entries[specifier]);
  const missing = members.filter(({ isDocumented }) => !isDocumented);
  for (const { place, name: member } of missing)
    console.error(`${place}: ${member} has no comment that an editor could show`);
  const share = Math.floor((100 * (members.length - missing.length)) / members.length);
  console.log(`docs: ${name}: ${members.length} names, ${share} % with hover text`);
  if (missing.length > 0) process.exitCode = 1;
}
