import {
  defineAsyncAgent,
  definePlugin,
  defineSensor,
  defineSyncAgent,
  invalidTask,
  type Plugin,
  running,
  succeeded,
} from "@flyte-agent/sdk";
import { createTestHost } from "@flyte-agent/testing";
import { expect, it } from "vitest";

const anyJob = {
  "~standard": { version: 1, vendor: "test", validate: (value: unknown) => ({ value: value as { id: string } }) },
} as const;

const echo: Plugin = definePlugin({
  setup: () => [
    defineSyncAgent({
      name: "Echo",
      taskType: "echo",
      do: async (task) => {
        if (task.custom.bad === true) throw invalidTask("custom.bad", "is true");
        return succeeded({ outputs: { out: task.inputs.in ?? null }, message: "done" });
      },
    }),
    defineAsyncAgent({
      name: "Job",
      taskType: "job",
      job: anyJob,
      create: async (_task, { idempotencyKey }) => ({ id: idempotencyKey }),
      get: async (job) => succeeded({ outputs: { id: job.id } }),
      delete: async () => undefined,
      logs: async (_job, { lines, token }) => ({ lines: [{ message: `${lines} from "${token}"` }], nextToken: "more" }),
      metrics: async (_job, { queries }) => queries.map((metric) => ({ metric, data: { value: 1 } })),
    }),
    defineSensor({
      name: "Sensor",
      taskType: "sensor",
      job: anyJob,
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
const jobTask = { type: "job", interface: { outputs: { variables: { id: text } } } };

it("runs a sync agent in both generations", async () => {
  await using host = await createTestHost(echo);
  const done = { phase: "succeeded", message: "done", outputs: { out: "hello" } };
  expect(await host.do(echoTask, { flyte: 1 })).toMatchObject(done);
  expect(await host.run(echoTask)).toMatchObject(done);
  expect(await host.run(echoTask, { flyte: 2 })).toMatchObject(done);
  await expect(host.do({ ...echoTask, custom: { bad: true } })).rejects.toMatchObject({
    rawMessage: "custom.bad: is true [invalid_task]",
  });
});

it.each([1, 2] as const)("runs an async agent in Flyte %i", async (flyte) => {
  await using host = await createTestHost(echo);
  const job = await host.create(jobTask, { flyte });
  expect(await host.get("job", job, { flyte })).toMatchObject({ phase: "succeeded" });
  await host.delete("job", job, { flyte });
  expect(await host.logs("job", job, { flyte, lines: 3, token: "t" })).toEqual({
    lines: [{ message: '3 from "t"' }],
    nextToken: "more",
  });
  expect(await host.metrics("job", job, { flyte, queries: ["cpu"] })).toEqual([{ metric: "cpu", data: { value: 1 } }]);
});
