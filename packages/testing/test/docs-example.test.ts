import { createTestHost, describeAgentContract } from "@flyte-agent/testing";
import { expect, it } from "vitest";
import { createJobStore } from "./fixtures/job-store.ts";
import { storePlugin } from "./fixtures/store-plugin.ts";

// A vendor for tests, with the few calls that the plugin makes.
const store = createJobStore();
const plugin = storePlugin(store);
const secrets = { store_token: "correct horse battery" };

const task = {
  type: "store",
  interface: { outputs: { variables: { seconds: { type: { simple: "FLOAT" } } } } },
  custom: { seconds: 2 },
};

it.each([1, 2] as const)("follows the job at the store, in Flyte %i", async (flyte) => {
  await using host = await createTestHost(plugin, { secrets });
  const job = await host.create(task, { flyte });
  expect(await host.get("store", job, { flyte })).toMatchObject({ phase: "running" });
  store.finish(JSON.parse(Buffer.from(job).toString()).id);
  expect(await host.get("store", job, { flyte })).toMatchObject({ phase: "succeeded", outputs: { seconds: 2 } });
});

it("refuses a task without seconds", async () => {
  await using host = await createTestHost(plugin, { secrets });
  const message = expect.stringContaining("custom.seconds");
  expect(await host.run({ ...task, custom: {} })).toMatchObject({ phase: "failed", message });
});

describeAgentContract({
  plugin,
  kind: "async",
  secrets,
  task,
  settle: ({ value }) => store.finish(String(value.id)),
  requiredCustomKeys: ["seconds"],
});
