import { readFile } from "node:fs/promises";
import { createTestHost, describeAgentContract } from "@flyte-agent/testing";
import timer from "flyte-agent-timer";
import { expect, it } from "vitest";

const task = {
  type: "timer",
  interface: {
    inputs: { variables: { seconds: { type: { simple: "FLOAT" } } } },
    outputs: { variables: { rang_at: { type: { simple: "DATETIME" } } } },
  },
  inputs: { seconds: 0.3 },
};

it("rings after the time that the task asks for", async () => {
  await using host = await createTestHost(timer);
  const { phase, outputs } = await host.run(task);
  expect(phase).toBe("succeeded");
  expect(outputs).toHaveProperty("rang_at");
});

describeAgentContract({
  plugin: timer,
  kind: "async",
  task,
  // Each create sets the clock anew; both ring within the time between the two.
  sameJob: (a, b) => Math.abs(Number(a.value.due_ms) - Number(b.value.due_ms)) < 5_000,
});

it("is what the README shows", async () => {
  const readme = await readFile(new URL("../../../README.md", import.meta.url), "utf8");
  const source = await readFile(new URL("../index.js", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`js\n${source}\`\`\``);
  const task = await readFile(new URL("../task.yaml", import.meta.url), "utf8");
  expect(readme).toContain(`\`\`\`yaml\n${task}\`\`\``);
});
