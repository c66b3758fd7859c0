import { runtimeApi } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { PluginState, AgentMode } = runtimeApi;

test("a loaded plugin is READY and told with its agents", async () => {
  const { port } = await serve();
  const { plugins } = await connect(port).runtime.listPlugins({});
  expect(plugins).toMatchObject([
    {
      id: "jobs",
      packageName: "fixture-jobs",
      packageVersion: "1.2.3",
      state: PluginState.READY,
      reason: "",
      fix: "",
    },
  ]);
  expect(plugins[0]?.agents).toMatchObject([
    { name: "Job Agent", taskType: "job", taskTypeVersion: 0, mode: AgentMode.ASYNC },
    { name: "Job Agent", taskType: "job", taskTypeVersion: 1, mode: AgentMode.ASYNC },
    { name: "Observed Agent", taskType: "observed", mode: AgentMode.ASYNC },
    { name: "Awaited Sensor", taskType: "awaited", mode: AgentMode.ASYNC },
    { name: "Echo Agent", taskType: "echo", mode: AgentMode.SYNC },
  ]);
});

test.each([
  [
    "broken-import",
    "its module threw an error while it was loaded (index.js:1:7)",
    "see the error that was logged; update the plugin, or disable it with plugins.disabled: [broken-import]",
  ],
  [
    "wrong-agents",
    "the agents that setup returned are not those of the manifest; declared but not returned: " +
      'declared@0 (async, "Declared"); returned but not declared: registered@0 (sync, "Registered")',
    "update the plugin, or tell its author, and restart",
  ],
  [
    "no-plugin",
    "the module's default export must be what definePlugin() returned, got no default export (exports: plugin)",
    "update the plugin, or tell its author, and restart",
  ],
  [
    "missing-package",
    'package "a-package-that-nobody-has-installed" is not installed',
    expect.stringMatching(/^in .*missing-package: pnpm add a-package-that-nobody-has-installed, then restart$/),
  ],
  [
    "refuses-options",
    "config.refuses-options.region: expected a string, got nothing",
    "correct config.refuses-options in the configuration file and restart",
  ],
  [
    "newer-api",
    "it was made with plugin API 99, this server has 1: update flyte-agent",
    "update the plugin, or tell its author, and restart",
  ],
  [
    "never-loads",
    "importing the plugin's module took longer than 0.2 s",
    "update the plugin, or tell its author, and restart",
  ],
])("plugin %s is QUARANTINED with reason and fix, and the log has the error", async (id, reason, fix) => {
  const { port, lines } = await serve({ plugins: ["jobs", id], importMs: id === "never-loads" ? 200 : 5_000 });
  const { plugins } = await connect(port).runtime.listPlugins({});
  expect(plugins[0]?.state).toBe(PluginState.READY);
  expect(plugins[1]).toMatchObject({ id, state: PluginState.QUARANTINED, reason, fix });
  const line = lines.find(({ plugin, level }) => plugin === id && level === "error");
  // What is not a sentence of ours yet has its place in the plugin's code.
  const why = line?.outcome === undefined ? { error: { stack: expect.any(String) } } : { reason };
  expect(line).toMatchObject({ message: "plugin is quarantined: it could not be loaded", ...why });
});

test("unknown options are refused with the nearest known one, and values are not shown", async () => {
  const { port } = await serve({
    plugins: ["jobs", "refuses-options"],
    config: { "refuses-options": { regoin: "secret-value", something: 1 } },
  });
  const { plugins } = await connect(port).runtime.listPlugins({});
  expect(plugins[1]?.reason).toBe(
    'config.refuses-options.regoin: no such option; did you mean "region"?; ' +
      "config.refuses-options.something: no such option; known: region, token",
  );
});

test("what a schema says of an option never shows the value", async () => {
  const options = { region: "eu", token: "a-secret-value" };
  const { port, lines } = await serve({ plugins: ["refuses-options"], config: { "refuses-options": options } });
  const { plugins } = await connect(port).runtime.listPlugins({});
  expect(plugins[0]?.reason).toBe("config.refuses-options.token: got a string, which does not fit");
  expect(JSON.stringify(lines)).not.toContain("a-secret-value");
});

test.each([
  ["a list", ["region"], "config.refuses-options: expected an object of options, got a list"],
  ["a string", "region", "config.refuses-options: expected an object of options, got string"],
])("%s is no options", async (_name, options, reason) => {
  const { port } = await serve({ plugins: ["refuses-options"], config: { "refuses-options": options } });
  expect((await connect(port).runtime.listPlugins({})).plugins[0]?.reason).toBe(reason);
});

test("options of a plugin that has none are refused", async () => {
  const { port } = await serve({
    plugins: ["never-closes"],
    config: { "never-closes": { a: 1 } },
    timings: { disposeTimeoutMs: 50 },
  });
  expect((await connect(port).runtime.listPlugins({})).plugins[0]?.reason).toBe(
    "config.never-closes.a: the plugin has no options",
  );
});
