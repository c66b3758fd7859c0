import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { Code } from "@connectrpc/connect";
import {
  defineAsyncAgent,
  definePlugin,
  defineSensor,
  defineSyncAgent,
  invalidTask,
  type Plugin,
  running,
  type StandardSchema,
  succeeded,
} from "@flyte-agent/sdk";
import { createTestHost } from "@flyte-agent/testing";
import { describe, expect, it } from "vitest";
import { storeJob } from "./fixtures/store-plugin.ts";

it("refuses what definePlugin() did not return, such as a module with all its exports", async () => {
  // A test in plain JavaScript has no compiler to tell it.
  const namespace = { default: echo } as unknown as Plugin;
  await expect(createTestHost(namespace)).rejects.toThrow(
    "expected the plugin, which definePlugin() returned, got an object with default: import its default export",
  );
});

const noOptions: StandardSchema<{ readonly loud?: boolean }> = {
  "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: Object(value) }) },
};

/** Says back what it got. */
const echo: Plugin = definePlugin({
  options: noOptions,
  optionKeys: ["loud"],
  setup: ({ options }) => [
    defineSyncAgent({
      name: "Echo",
      taskType: "echo",
      do: async ({ custom, inputs }, { log, secrets, flyte, configs }) => {
        if (custom.bad === true) throw invalidTask("custom.bad", "is true");
        log.info("echoing", { loud: options.loud === true });
        const token = (await secrets.find("token")) ?? "";
        return succeeded({
          message: "done",
          outputs: { out: inputs.in ?? null },
          customInfo: { flyte, token, region: configs.region ?? "" },
        });
      },
    }),
    defineAsyncAgent({
      name: "Job",
      taskType: "job",
      taskTypeVersion: 2,
      job: storeJob,
      create: async (_task, { idempotencyKey, execution, outputPrefix }) => ({
        id: [idempotencyKey, execution.name, execution.attempt, outputPrefix].join(" "),
      }),
      get: async ({ id }, { outputPrefix }) => succeeded({ message: outputPrefix, outputs: { id } }),
      delete: async () => undefined,
      logs: async (_job, { lines, token }) => ({
        lines: [{ message: `${lines} from "${token}"`, timestamp: new Date(0), originator: "user" }],
        nextToken: "more",
      }),
      metrics: async (_job, { queries, start, stepMs }) =>
        queries.map((metric) => ({ metric, data: { start: start?.toISOString() ?? "", stepMs: stepMs ?? 0 } })),
    }),
    defineSensor({
      name: "Sensor",
      taskType: "sensor",
      job: storeJob,
      create: async () => ({ id: "x" }),
      poke: async () => running({ message: "waiting" }),
    }),
  ],
});

const text = { type: { simple: "STRING" } };
const echoTask = {
  type: "echo",
  interface: { inputs: { variables: { in: text } }, outputs: { variables: { out: text } } },
  inputs: { in: "hello" },
};
const jobTask = { type: "job", taskTypeVersion: 2, interface: { outputs: { variables: { id: text } } } };

/** A plugin with one sync agent. */
function plugin(answer: (signal: AbortSignal) => Promise<void>, dispose?: () => void): Plugin {
  const agent = defineSyncAgent({
    name: "Waiter",
    taskType: "wait",
    do: async (_task, { signal }) => {
      await answer(signal);
      return succeeded();
    },
  });
  return definePlugin({ setup: () => [agent], ...(dispose === undefined ? {} : { dispose }) });
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await once(signal, "abort");
}

describe("calls", () => {
  it("reach a sync agent in both generations", async () => {
    await using host = await createTestHost(echo, { secrets: { token: "t-1" }, configs: { region: "eu" } });
    const done = { phase: "succeeded", message: "done", outputs: { out: "hello" } };
    expect(await host.do(echoTask)).toMatchObject({ ...done, customInfo: { flyte: 1, token: "t-1", region: "" } });
    expect(await host.run(echoTask)).toMatchObject(done);
    const two = await host.run(echoTask, { flyte: 2 });
    expect(two).toMatchObject({ ...done, customInfo: { flyte: 2, token: "t-1", region: "eu" } });
  });

  it.each([1, 2] as const)("reach an async agent in Flyte %i", async (flyte) => {
    await using host = await createTestHost(echo);
    const outputPrefix = "s3://bucket/out";
    const job = await host.create(jobTask, { flyte, outputPrefix, execution: { name: "run", attempt: 3 } });
    const state = await host.get("job", job, { flyte });
    expect(state).toMatchObject({ phase: "succeeded", message: outputPrefix });
    expect(state.outputs?.id).toMatch(/^[0-9a-f]{64} run 3 s3:\/\/bucket\/out$/);
    await host.delete({ name: "job", version: 2 }, job, { flyte });
    expect(await host.logs("job", job, { flyte, lines: 3, token: "t" })).toEqual({
      lines: [{ message: '3 from "t"', timestamp: new Date(0), originator: "user" }],
      nextToken: "more",
    });
    const query = { queries: ["cpu"], start: new Date(0), stepMs: 1500 };
    expect(await host.metrics("job", job, { flyte, ...query })).toEqual([
      { metric: "cpu", data: { start: "1970-01-01T00:00:00.000Z", stepMs: 1500 } },
    ]);
  });

  it("are attempts of their own, unless told otherwise", async () => {
    await using host = await createTestHost(echo);
    expect(await host.create(jobTask)).not.toEqual(await host.create(jobTask));
    const execution = { name: "one" };
    expect(await host.create(jobTask, { execution })).toEqual(await host.create(jobTask, { execution }));
  });

  it("give a task that is refused for good as failed", async () => {
    await using host = await createTestHost(echo);
    const task = { ...echoTask, custom: { bad: true } };
    const failed = {
      phase: "failed",
      message: "custom.bad: is true [invalid_task]",
      customInfo: { code: "invalid_task" },
    };
    expect(await host.do(task)).toMatchObject({ ...failed, errorCode: "invalid_task" });
    expect(await host.run(task, { flyte: 2 })).toMatchObject(failed);
    expect(await host.get("echo", await host.create(task))).toMatchObject({ ...failed, errorCode: "" });
  });

  it("fail as a gRPC client sees it", async () => {
    await using host = await createTestHost(echo);
    await expect(host.do(jobTask)).rejects.toMatchObject({ code: Code.Unimplemented });
    await expect(host.do({ type: "other" })).rejects.toMatchObject({ code: Code.NotFound });
    await expect(host.do({ ...echoTask, custm: {} })).rejects.toThrow(/did you mean "custom"/);
  });

  it("are cut at their deadline, and end when their caller goes away", async () => {
    await using host = await createTestHost(plugin(untilAborted));
    const startMs = Date.now();
    await expect(host.do({ type: "wait" }, { timeoutMs: 100 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    expect(Date.now() - startMs).toBeLessThan(1_000);
    const controller = new AbortController();
    const call = host.create({ type: "wait" }, { flyte: 2, signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ code: Code.Canceled });
  });

  it("are given up when a task does not end", async () => {
    await using host = await createTestHost(echo);
    await expect(host.run({ type: "sensor" }, { endsWithinMs: 50 })).rejects.toThrow(/is running: waiting/);
  });

  it("are logged with what the plugin itself logs", async () => {
    await using host = await createTestHost(echo, { options: { loud: true } });
    await host.do(echoTask);
    expect(host.logRecords).toContainEqual(
      expect.objectContaining({ level: "info", message: "echoing", task_type: "echo", loud: true }),
    );
    expect(host.logRecords).toContainEqual(
      expect.objectContaining({ message: "do", outcome: "ok", phase: "succeeded" }),
    );
  });
});

describe("a plugin that cannot be set up", () => {
  it.each<[string, Plugin, object, RegExp]>([
    ["wrong options", echo, { options: { lowd: true } }, /config\.plugin\.lowd: .*did you mean "loud"/],
    [
      "an error of its own",
      definePlugin({
        setup: () => {
          throw new Error("no network");
        },
        // What was never opened cannot be closed: what comes of it must not hide why.
        dispose: () => {
          throw new Error("nothing is open");
        },
      }),
      {},
      /setup failed: no network/,
    ],
    [
      "another agent than its manifest declares",
      plugin(untilAborted),
      { manifest: { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "other", mode: "sync" }] } },
      /declared but not returned: other@0/,
    ],
    ["a wrong manifest", echo, { manifest: { manifestVersion: 1, apiVersion: 1, taskType: [] } }, /taskTypes/],
    ["no manifest", echo, { packageDir: new URL("..", import.meta.url) }, /has no key "flyte-agent"/],
  ])("is told by %s", async (_, wrong, options, problem) => {
    await expect(createTestHost(wrong, options)).rejects.toThrow(problem);
  });
});

it("takes the manifest of a package", async () => {
  const packageDir = new URL("./fixtures/waiter", import.meta.url);
  for (const directory of [packageDir, fileURLToPath(packageDir)]) {
    await using host = await createTestHost(
      plugin(async () => undefined),
      { packageDir: directory },
    );
    expect(await host.do({ type: "wait" })).toMatchObject({ phase: "succeeded" });
  }
});

describe("closing", () => {
  it("fails if a call is still open", async () => {
    const host = await createTestHost(plugin(untilAborted));
    const call = host.do({ type: "wait" });
    await expect(host[Symbol.asyncDispose]()).rejects.toThrow(/still open when the test ended: 1/);
    await expect(call).rejects.toThrow(/stopping/);
  });

  it("fails if a handler goes on after its call has ended", async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const host = await createTestHost(plugin(() => promise));
    await expect(host.do({ type: "wait" }, { timeoutMs: 50 })).rejects.toMatchObject({ code: Code.DeadlineExceeded });
    await expect(host[Symbol.asyncDispose]()).rejects.toThrow(/context\.signal/);
    resolve();
  });

  it("fails if the plugin's dispose does", async () => {
    const host = await createTestHost(
      plugin(untilAborted, () => {
        throw new Error("still busy");
      }),
    );
    await expect(host[Symbol.asyncDispose]()).rejects.toMatchObject({
      message: expect.stringContaining("dispose failed"),
      cause: new Error("still busy"),
    });
  });
});
