import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { agentErrorCodes } from "@flyte-agent/sdk";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "../../../..");

test("docs/errors.md explains each code, in the list's order, and no other", () => {
  const page = readFileSync(join(root, "docs/errors.md"), "utf8");
  const explained = [...page.matchAll(/^## `(\w+)`$/gm)].map(([, code]) => code);
  expect(explained).toEqual([...agentErrorCodes]);
});

test("every code is used somewhere", () => {
  const sources = globSync("{packages,plugins}/*/src/**/*.ts", { cwd: root })
    .map((file) => readFileSync(join(root, file), "utf8"))
    .join("\n");
  // Thrown, or told as the error code of a task that failed.
  const used = new Set([...sources.matchAll(/(?:AgentError\(|errorCode =)\s*"(\w+)"/g)].map(([, code]) => code));
  expect(used).toEqual(new Set(agentErrorCodes));
});
