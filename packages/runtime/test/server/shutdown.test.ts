import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect as netConnect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { create, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test } from "vitest";
import { connect, failureOf, job, template } from "../fixtures/clients.ts";
import { fixturePlan } from "../fixtures/fixture-plan.ts";
import { endsStream, frameTypes, rawHttp2 } from "../fixtures/raw-http2.ts";
import { serve } from "../fixtures/serve.ts";

const waiting = { taskType: "job", resourceMeta: job({ get: "waits" }) };
const { RUNNING } = flyteidl1.TaskExecution_Phase;

function refusesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = netConnect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(false);
    });
    socket.once("error", () => resolve(true));
  });
}

test("close() lets calls in flight finish, takes no new connection, and ends", async () => {
  const { port, events, server } = await serve();
  const { agent } = connect(port);
  const started = once(events, "waiting");
  const call = agent.getTask(waiting);
  await started;
  const closed = server.close();
  expect(server.close()).toBe(closed);
  expect(await refusesConnections(port)).toBe(true);
  expect(server.openCallCount).toBe(1);
  events.emit("go on");
  expect((await call).resource?.phase).toBe(RUNNING);
  await closed;
  expect(server.openCallCount).toBe(0);
});

test("an HTTP/1.1 call in flight finishes too", async () => {
  const { port, events, server } = await serve();
  const started = once(events, "waiting");
  const call = fetch(`http://127.0.0.1:${port}/flyteidl.service.AsyncAgentService/GetTask`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ taskType: "job", resourceMeta: Buffer.from(waiting.resourceMeta).toString("base64") }),
  });
  await started;
  const closed = server.close();
  events.emit("go on");
  expect((await call).status).toBe(200);
  await closed;
});

test("a call that arrives on an open connection while the server stops is answered", async () => {
  const { port, events, server } = await serve();
  const client = await rawHttp2(port);
  onTestFinished(() => void client.socket.destroy());
  const started = once(events, "waiting");
  const send = (streamId: number, resourceMeta: Uint8Array): void => {
    client.request(streamId, "/flyteidl.service.AsyncAgentService/GetTask");
    const request = create(flyteidl1.GetTaskRequestSchema, { taskType: "job", resourceMeta });
    client.message(streamId, toBinary(flyteidl1.GetTaskRequestSchema, request), true);
  };
  send(1, waiting.resourceMeta);
  await started;
  const closed = server.close();
  send(3, job({}));
  await client.received((frame) => endsStream(frame, 3));
  // What comes too late is told: the call was not made, and the client may make it elsewhere.
  const goaway = await client.received(({ type }) => type === frameTypes.goaway);
  expect(goaway.payload.readUInt32BE()).toBe(3);
  events.emit("go on");
  await client.received((frame) => endsStream(frame, 1));
  await client.closed;
  await closed;
});

test("a call that does not end within the drain time is told that the server stops", async () => {
  const { port, events, server } = await serve({ server: { drainTimeoutMs: 100 } });
  const { agent } = connect(port);
  const started = once(events, "waiting");
  const aborted = once(events, "aborted");
  const call = failureOf(agent.createTask({ template: template("job", { custom: { create: "waits for signal" } }) }));
  await started;
  await server.close();
  expect(await call).toEqual({
    code: "Unavailable",
    message: "the agent server is stopping: try again [plugin_unavailable]",
  });
  expect((await aborted)[0]).toMatchObject({ code: "plugin_unavailable" });
});

test("abort() ends at once, whatever is under way: calls, watches, half-open connections, imports, a plugin that never closes", async () => {
  const { port, events, server } = await serve({
    plugins: ["jobs", "never-loads", "never-closes"],
    untilLoaded: false,
  });
  const { agent, health } = connect(port);
  const watch = health.watch({ service: "" })[Symbol.asyncIterator]();
  await watch.next();
  const silent = netConnect(port, "127.0.0.1");
  silent.on("error", () => {});
  await once(silent, "connect");
  const raw = await rawHttp2(port);
  const started = once(events, "waiting");
  const call = failureOf(agent.createTask({ template: template("job", { custom: { create: "ignores its signal" } }) }));
  await started;
  const startMs = performance.now();
  await server.abort();
  expect(performance.now() - startMs).toBeLessThan(1_500);
  await Promise.allSettled([call, watch.next()]);
  await raw.closed;
  expect(server.openCallCount).toBe(0);
  expect(await refusesConnections(port)).toBe(true);
});

test("abort() hurries a close() that waits", async () => {
  const { port, events, server } = await serve({ server: { drainTimeoutMs: 60_000 } });
  const started = once(events, "waiting");
  const call = failureOf(
    connect(port).agent.createTask({ template: template("job", { custom: { create: "waits" } }) }),
  );
  await started;
  const closed = server.close();
  await server.abort();
  await closed;
  expect((await call).code).toMatch(/Unavailable|Canceled|Aborted|Internal/);
});

test("a plugin that never closes is given up and told in the log", async () => {
  const { server, lines } = await serve({ plugins: ["never-closes"], timings: { disposeTimeoutMs: 50 } });
  await server.close();
  expect(lines).toContainEqual(
    expect.objectContaining({ level: "error", plugin: "never-closes", message: "plugin did not close cleanly" }),
  );
});

test("a plugin whose import has not begun when the server stops is not imported any more", async () => {
  const directory = await mkdtemp(join(tmpdir(), "flyte-agent-stop-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const imported: string[] = [];
  const told = Symbol.for("flyte-agent.test.imported");
  Object.assign(globalThis, { [told]: imported });
  const one = fixturePlan(["never-loads"], 60_000);
  const names = ["a", "b", "c", "d", "e", "f"];
  const entries = await Promise.all(
    names.map(async (id) => {
      const entryFile = join(directory, `${id}.mjs`);
      await writeFile(
        entryFile,
        `globalThis[Symbol.for("flyte-agent.test.imported")].push("${id}"); await new Promise(() => {});\n`,
      );
      const [entry] = one.entries;
      if (entry?.manifest === undefined) throw new TypeError("the fixture has a manifest");
      return { ...entry, entryFile, manifest: { ...entry.manifest, id, agents: [] } };
    }),
  );
  const { server } = await serve({ plan: { ...one, entries, owners: new Map() }, untilLoaded: false });
  await expect.poll(() => imported.length).toBe(4);
  await server.close();
  await server.pluginsStarted;
  expect(imported).toHaveLength(4);
  expect([...server.hosts.values()].map(({ state }) => state.kind)).toEqual(names.map(() => "stopped"));
});

test("idle connections end with the server", async () => {
  const { port, server } = await serve();
  const { metadata } = connect(port);
  await metadata.listAgents({});
  const raw = await rawHttp2(port);
  await raw.received(({ type }) => type === frameTypes.settings);
  await server.close();
  await raw.closed;
});

test("nothing is left that keeps the process alive", async () => {
  const listeners = (): number => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap").length;
  const before = listeners();
  const { port, server, scrape } = await serve({ plugins: ["jobs"] });
  await connect(port).metadata.listAgents({});
  await scrape();
  await server.close();
  await expect.poll(listeners).toBeLessThanOrEqual(before);
});
