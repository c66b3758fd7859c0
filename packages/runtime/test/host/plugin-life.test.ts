import { setImmediate } from "node:timers/promises";
import { createInlineHost, createLog, defaultConfig } from "@flyte-agent/runtime";
import { type Agent, definePlugin, defineSyncAgent, type Plugin, type SetupContext, succeeded } from "@flyte-agent/sdk";
import { expect, it, test } from "vitest";

const options = {
  manifest: { id: "life", agents: [{ category: { name: "life", version: 0 }, mode: "sync", name: "Life" }] },
  pluginOptions: undefined,
  environment: {},
  inputs: defaultConfig.inputs,
  maxJobBytes: 4096,
} as const;

const agents: readonly Agent[] = [defineSyncAgent({ name: "Life", taskType: "life", do: async () => succeeded() })];

/** A plugin that tells what happens to it and whose steps end when the test says so. */
function steppedPlugin() {
  const steps: string[] = [];
  const loaded = Promise.withResolvers<Plugin>();
  const setUp = Promise.withResolvers<readonly Agent[]>();
  const disposed = Promise.withResolvers<void>();
  let signal: AbortSignal | undefined;
  const plugin = definePlugin({
    async setup(context: SetupContext<unknown>) {
      steps.push("setup");
      signal = context.signal;
      try {
        return await setUp.promise;
      } finally {
        steps.push("set up");
      }
    },
    dispose: () => {
      steps.push("dispose");
      return disposed.promise;
    },
  });
  return { steps, plugin, loaded, setUp, disposed, signal: () => signal };
}

function hostOf(stepped: ReturnType<typeof steppedPlugin>, more: { readonly setupTimeoutMs?: number } = {}) {
  const lines: Record<string, unknown>[] = [];
  const log = createLog({ level: "error" }, { write: (line) => void lines.push(JSON.parse(line)) });
  const states: string[] = [];
  const host = createInlineHost({
    ...options,
    ...more,
    log,
    disposeTimeoutMs: 50,
    load: () => {
      stepped.steps.push("import");
      return stepped.loaded.promise;
    },
    onState: ({ kind }) => void states.push(kind),
  });
  return { host, states, lines };
}

it("lives from waiting to stopped", async () => {
  const stepped = steppedPlugin();
  const { host, states } = hostOf(stepped);
  expect(host.state.kind).toBe("waiting");
  const started = host.start();
  stepped.loaded.resolve(stepped.plugin);
  stepped.setUp.resolve(agents);
  await started;
  stepped.disposed.resolve();
  await Promise.all([host.close(), host.close()]);
  await host.close();
  expect(states).toEqual(["importing", "ready", "stopping", "stopped"]);
  expect(stepped.steps).toEqual(["import", "setup", "set up", "dispose"]);
});

test("a stop while setup runs aborts its signal, waits for it, and closes what it opened, once", async () => {
  const stepped = steppedPlugin();
  const { host, states } = hostOf(stepped);
  stepped.loaded.resolve(stepped.plugin);
  const started = host.start();
  await expect.poll(() => stepped.steps).toContain("setup");
  const closed = host.close();
  await started;
  expect(stepped.signal()?.aborted).toBe(true);
  await setImmediate();
  expect(stepped.steps).toEqual(["import", "setup"]);
  stepped.disposed.resolve();
  stepped.setUp.resolve(agents);
  await closed;
  await host.close();
  expect(stepped.steps).toEqual(["import", "setup", "set up", "dispose"]);
  expect(states).toEqual(["importing", "stopping", "stopped"]);
});

test("a setup that does not end holds up nobody, and what it opens later is closed then", async () => {
  const stepped = steppedPlugin();
  const { host, states, lines } = hostOf(stepped);
  stepped.loaded.resolve(stepped.plugin);
  const started = host.start();
  await expect.poll(() => stepped.steps).toContain("setup");
  await host.close();
  await started;
  expect(states).toEqual(["importing", "stopping", "stopped"]);
  expect(lines).toMatchObject([
    { message: "plugin did not close cleanly", reason: "closing the plugin took longer than 0.05 s" },
  ]);
  stepped.setUp.resolve(agents);
  await expect.poll(() => stepped.steps).toEqual(["import", "setup", "set up", "dispose"]);
  stepped.disposed.reject(new Error("the vendor's connection was lost"));
  await expect.poll(() => lines.at(-1)).toMatchObject({ error: { message: "the vendor's connection was lost" } });
  expect(host.state.kind).toBe("stopped");
});

test("the time for the set-up ends: its signal aborts, and what it opens later is closed then, once", async () => {
  const stepped = steppedPlugin();
  const { host } = hostOf(stepped, { setupTimeoutMs: 20 });
  stepped.loaded.resolve(stepped.plugin);
  await host.start();
  expect(host.state).toMatchObject({ kind: "quarantined", reason: "the plugin's setup took longer than 0.02 s" });
  expect(stepped.signal()?.reason).toMatchObject({ code: "plugin_failed" });
  await setImmediate();
  expect(stepped.steps).toEqual(["import", "setup"]);
  stepped.setUp.resolve(agents);
  await expect.poll(() => stepped.steps).toEqual(["import", "setup", "set up", "dispose"]);
  expect(host.state.kind).toBe("quarantined");
  stepped.disposed.resolve();
  await host.close();
  expect(stepped.steps).toHaveLength(4);
});

test("a setup that throws is followed by dispose, since it may have opened something", async () => {
  const stepped = steppedPlugin();
  const { host } = hostOf(stepped);
  stepped.loaded.resolve(stepped.plugin);
  stepped.setUp.reject(new Error("no connection"));
  await host.start();
  expect(host.state.kind).toBe("quarantined");
  stepped.disposed.resolve();
  await host.close();
  expect(stepped.steps).toEqual(["import", "setup", "set up", "dispose"]);
});

test("a plugin whose module comes after the stop is not set up", async () => {
  const stepped = steppedPlugin();
  const { host } = hostOf(stepped);
  const started = host.start();
  await host.close();
  await started;
  stepped.loaded.resolve(stepped.plugin);
  await setImmediate();
  expect(stepped.steps).toEqual(["import"]);
});

test.each([0, 1, 2, 3, 4, 5, 6, 7, 8])("a stop %i turns after the module came leaves nothing open", async (turns) => {
  const stepped = steppedPlugin();
  const { host } = hostOf(stepped);
  stepped.disposed.resolve();
  stepped.setUp.resolve(agents);
  const started = host.start();
  stepped.loaded.resolve(stepped.plugin);
  for (let turn = 0; turn < turns; turn++) await Promise.resolve();
  await host.close();
  await started;
  await setImmediate();
  const counts = ["setup", "dispose"].map((step) => stepped.steps.filter((name) => name === step).length);
  expect(counts[0]).toBe(counts[1]);
});

test("a plugin that was never started is not imported after the stop", async () => {
  const stepped = steppedPlugin();
  const { host, states } = hostOf(stepped);
  await host.close();
  await host.start();
  expect(stepped.steps).toEqual([]);
  expect(states).toEqual(["stopped"]);
});

test("options that the plugin refuses leave nothing to close", async () => {
  const stepped = steppedPlugin();
  stepped.loaded.resolve(stepped.plugin);
  const host = createInlineHost({
    ...options,
    pluginOptions: { a: 1 },
    log: createLog({ level: "error" }, { write: () => {} }),
    load: () => stepped.loaded.promise,
  });
  await host.start();
  await host.close();
  expect(stepped.steps).toEqual([]);
});
