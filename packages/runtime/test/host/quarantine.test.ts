import { createInlineHost, createLog } from "@flyte-agent/runtime";
import { definePlugin } from "@flyte-agent/sdk";
import { expect, it } from "vitest";

it("a plugin whose agents are not those of its manifest is closed again, once", async () => {
  let closed = 0;
  const plugin = definePlugin({
    setup: () => [],
    dispose: () => {
      closed += 1;
    },
  });
  const host = createInlineHost({
    manifest: { id: "empty", agents: [{ category: { name: "x", version: 0 }, mode: "async", name: "X" }] },
    load: async () => plugin,
    pluginOptions: undefined,
    environment: {},
    maxJobBytes: 4096,
    log: createLog({ level: "error", format: "json" }, { write: () => {} }),
  });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: expect.stringContaining('x@0 (async, "X")') });
  expect(closed).toBe(1);
  await host.close();
  expect(closed).toBe(1);
});
