import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, connect, job } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { RUNNING, SUCCEEDED, FAILED } = flyteidl1.TaskExecution_Phase;
const taskCategory = { name: "job", version: 0 };

test.each([
  "large outputs",
  // Half a million numbers are one megabyte as JSON and more than five as a Struct.
  "large custom info",
])("an answer that Flyte could not read (%s) becomes a failure with a sentence", async (phase) => {
  const { port } = await serve();
  const { agent, connector } = connect(port);
  const message = /^the task ended \(\w+\), but its answer is \d+ bytes, and Flyte reads at most 4194304\. Return/;
  const one = await agent.getTask({ taskCategory, resourceMeta: job({ phase }) });
  expect(one.resource).toMatchObject({ phase: FAILED, agentError: { code: "message_too_large" } });
  expect(one.resource?.message).toMatch(message);
  expect(one.resource?.outputs).toBeUndefined();
  const two = await connector.getTask({ taskCategory, resourceMeta: job({ phase }) });
  expect(two.resource?.phase).toBe(flyteidl2.TaskExecution_Phase.FAILED);
  expect(two.resource?.message).toMatch(message);
});

test("an answer just below the limit passes", async () => {
  const { port } = await serve();
  const { resource } = await connect(port).agent.getTask({
    taskCategory,
    resourceMeta: job({ phase: "large answer" }),
  });
  expect(resource?.phase).toBe(SUCCEEDED);
});

test("custom info is what JSON makes of it", async () => {
  const { port } = await serve();
  const { resource } = await connect(port).agent.getTask({
    taskCategory,
    resourceMeta: job({ phase: "odd custom info" }),
  });
  expect(resource).toMatchObject({
    phase: RUNNING,
    customInfo: { when: "1970-01-01T00:00:00.000Z", ratio: null, change: -0 },
  });
  expect(resource?.customInfo).toHaveProperty("rows", "1152921504606846976");
});

test("custom info that no JSON can hold is told as the agent's mistake, since every poll would meet it", async () => {
  const { port } = await serve();
  const polled = connect(port).agent.getTask({ taskCategory, resourceMeta: job({ phase: "circular custom info" }) });
  await expect(polled).rejects.toThrow(
    "an agent must answer with an object of JSON values, but: Converting circular structure to JSON [plugin_invalid]",
  );
});

test("an empty custom info is none, as for the Python servers", async () => {
  const { port } = await serve();
  const { resource } = await connect(port).agent.getTask({
    taskCategory,
    resourceMeta: job({ phase: "empty custom info" }),
  });
  expect(resource?.phase).toBe(RUNNING);
  expect(resource?.customInfo).toBeUndefined();
});

test("a link without a name is shown by its address", async () => {
  const { port } = await serve();
  const { resource } = await connect(port).agent.getTask({ taskCategory, resourceMeta: job({ phase: "odd link" }) });
  expect(resource?.logLinks).toMatchObject([{ name: "https://vendor.example", uri: "https://vendor.example" }]);
});

test("log lines that are no texts and times that are none are made the best of", async () => {
  const { port } = await serve();
  const [page] = await all(
    connect(port).agent.getTaskLogs({
      taskCategory: { name: "observed", version: 0 },
      resourceMeta: job({ odd: true }),
    }),
  );
  expect(page?.part).toMatchObject({ case: "body", value: { structuredLines: [{ message: "7" }] } });
});
