import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInlineHost, createLog, defaultConfig, fromFile } from "@flyte-agent/runtime";
import { AgentError, definePlugin, vendorMisconfigured } from "@flyte-agent/sdk";
import { expect, it, onTestFinished } from "vitest";

const quiet = {
  manifest: { id: "empty", agents: [{ category: { name: "x", version: 0 }, mode: "async", name: "X" }] },
  pluginOptions: undefined,
  environment: {},
  inputs: defaultConfig.inputs,
  maxJobBytes: 4096,
  log: createLog({ level: "error" }, { write: () => {} }),
} as const;

it("a plugin whose setup tells a secret is quarantined without it", async () => {
  const plugin = definePlugin({
    async setup({ secrets }) {
      throw vendorMisconfigured(`401 for token ${await secrets.get("token")}`);
    },
  });
  const environment = { _FSEC_TOKEN: "hunter2-and-more" };
  const host = createInlineHost({ ...quiet, environment, load: async () => plugin });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: "401 for token ***" });
});

it("a plugin whose agents are not those of its manifest is closed again, once", async () => {
  let closed = 0;
  const plugin = definePlugin({
    setup: () => [],
    dispose: () => {
      closed += 1;
    },
  });
  const host = createInlineHost({ ...quiet, load: async () => plugin });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: expect.stringContaining('x@0 (async, "X")') });
  await host.close();
  await host.close();
  expect(closed).toBe(1);
});

it("a dependency that is there without its file is told without a path of the server", async () => {
  const directory = await mkdtemp(join(tmpdir(), "flyte-agent-host-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const half = join(directory, "node_modules/half");
  await mkdir(half, { recursive: true });
  await writeFile(join(half, "package.json"), JSON.stringify({ name: "half", main: "./dist/missing.js" }));
  await writeFile(join(directory, "index.mjs"), 'import "half";\n');
  const host = createInlineHost({ ...quiet, load: fromFile(join(directory, "index.mjs")) });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: expect.not.stringContaining(directory) });
});

it("a plugin whose options are never checked to the end is quarantined in time", async () => {
  const schema = { "~standard": { version: 1, vendor: "test", validate: () => new Promise<never>(() => {}) } } as const;
  const plugin = definePlugin({ options: schema, optionKeys: [], setup: () => [] });
  const host = createInlineHost({ ...quiet, load: async () => plugin, setupTimeoutMs: 50 });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: expect.stringContaining("longer than 0.05 s") });
});

it("logs a wrong option as a sentence with its code, not as a place in the server's code", async () => {
  const lines: string[] = [];
  const log = createLog({ level: "error" }, { write: (line) => void lines.push(line) });
  const host = createInlineHost({
    ...quiet,
    log,
    pluginOptions: { regoin: "eu" },
    load: async () => definePlugin({ setup: () => [] }),
  });
  await host.start();
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: "error",
      time: expect.any(String),
      message: "plugin is quarantined: it could not be loaded",
      plugin: "empty",
      outcome: "invalid_option",
      reason: "config.empty.regoin: the plugin has no options",
    },
  ]);
});

it("does not send an operator to the configuration for what is wrong elsewhere", async () => {
  const plugin = definePlugin({
    setup: () => {
      throw new AgentError("invalid_option", "VENDOR_HOST is no address, expected host:port");
    },
  });
  const host = createInlineHost({ ...quiet, load: async () => plugin });
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", fix: "correct it and restart" });
});
