import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { agentContract } from "../dist/contract/agent-contract.js";

const page = readFile(new URL("../../../docs/testing-a-plugin.md", import.meta.url), "utf8");

it("shows a test file that is compiled and run", async () => {
  const example = await readFile(new URL("./docs-example.test.ts", import.meta.url), "utf8");
  expect(await page).toContain(`\`\`\`ts\n${example}\`\`\``);
});

it("lists every clause of the contract, and no other", async () => {
  const listed = [...(await page).matchAll(/^- (.+)$/gm)].map(([, name]) => name);
  expect(listed).toEqual(agentContract.map(({ name }) => name));
});
