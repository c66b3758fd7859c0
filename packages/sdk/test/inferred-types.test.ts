import {
  type CreateContext,
  defineAsyncAgent,
  definePlugin,
  defineSensor,
  defineSyncAgent,
  type FlyteOutput,
  type FlyteValue,
  failed,
  float,
  instant,
  type JsonObject,
  type LogLine,
  type Plugin,
  type Resource,
  running,
  succeeded,
  type TaskInputs,
} from "@flyte-agent/sdk";
import * as v from "valibot";
import { expect, expectTypeOf, test } from "vitest";

const job = v.object({ id: v.string(), rows: v.number() });
const identity = { name: "X", taskType: "x" };

// What the compiler says of a plugin's code is as much a promise as what the code does. These are checked by `tsc`.

test("the schema of the job types what create returns, and what get, delete and the views are given", () => {
  const agent = defineAsyncAgent({
    ...identity,
    job,
    create: async () => ({ id: "1", rows: 2 }),
    get: async (stored) => {
      expectTypeOf(stored).toEqualTypeOf<{ id: string; rows: number }>();
      return running();
    },
    delete: async (stored) => {
      expectTypeOf(stored.rows).toBeNumber();
    },
    logs: async (stored, page) => {
      expectTypeOf(stored.id).toBeString();
      expectTypeOf(page.lines).toBeNumber();
      return { lines: [] as LogLine[] };
    },
    metrics: async (stored, query) => {
      expectTypeOf(stored.id).toBeString();
      expectTypeOf(query.start).toEqualTypeOf<Date | undefined>();
      return [];
    },
  });
  expectTypeOf(agent.get).parameter(0).toEqualTypeOf<{ id: string; rows: number }>();
});

test("a create that returns another job is refused", () => {
  defineAsyncAgent({
    ...identity,
    job,
    // @ts-expect-error rows is missing
    create: async () => ({ id: "1" }),
    get: async () => running(),
    delete: async () => {},
  });
});

test("without a schema, custom is a JSON object and inputs are Flyte's values by name", () => {
  defineSyncAgent({
    ...identity,
    do: async ({ custom, inputs }) => {
      expectTypeOf(custom).toEqualTypeOf<JsonObject>();
      expectTypeOf(inputs).toEqualTypeOf<TaskInputs>();
      expectTypeOf(inputs.x).toEqualTypeOf<FlyteValue | undefined>();
      return succeeded();
    },
  });
});

test("the schemas of custom and inputs type what do is given: what they make, not what they take", () => {
  defineSyncAgent({
    ...identity,
    custom: v.object({ every: v.pipe(v.string(), v.transform(Number)) }),
    inputs: v.object({ name: v.string(), times: v.optional(v.number(), 1) }),
    do: async ({ custom, inputs }) => {
      expectTypeOf(custom).toEqualTypeOf<{ every: number }>();
      expectTypeOf(inputs).toEqualTypeOf<{ name: string; times: number }>();
      return succeeded();
    },
  });
});

test("the same for create, and the context of a create has the attempt", () => {
  defineAsyncAgent({
    ...identity,
    custom: v.object({ scene: v.string() }),
    job,
    create: async ({ custom }, context) => {
      expectTypeOf(custom.scene).toBeString();
      expectTypeOf(context).toEqualTypeOf<CreateContext>();
      expectTypeOf(context.execution.attempt).toBeNumber();
      return { id: context.idempotencyKey, rows: 0 };
    },
    get: async (_stored, context) => {
      expectTypeOf(context.outputPrefix).toBeString();
      // @ts-expect-error a poll is about a job, and knows no attempt
      void context.idempotencyKey;
      return running();
    },
    delete: async () => {},
  });
});

test("a sensor pokes with its job and answers yes, no, or a resource", () => {
  const sensor = defineSensor({
    ...identity,
    job,
    create: async () => ({ id: "1", rows: 0 }),
    poke: async ({ id }) => id === "1",
  });
  expectTypeOf(sensor.poke).returns.resolves.toEqualTypeOf<boolean | Resource>();
});

test("the schema of the options types what setup is given; without one there are none", () => {
  const plugin = definePlugin({
    options: v.object({ region: v.string(), retries: v.optional(v.number(), 3) }),
    optionKeys: ["region", "retries"],
    setup: ({ options }) => {
      expectTypeOf(options).toEqualTypeOf<{ region: string; retries: number }>();
      return [];
    },
  });
  expectTypeOf(plugin).toEqualTypeOf<Plugin>();
  definePlugin({
    setup: ({ options }) => {
      expectTypeOf(options).toEqualTypeOf<Record<string, never>>();
      return [];
    },
  });
});

test("a failure needs its reason, and only a success has outputs", () => {
  // @ts-expect-error why did it fail?
  failed();
  // @ts-expect-error the outputs of a task that goes on are nobody's
  running({ outputs: { x: 1 } });
  expectTypeOf(succeeded({ outputs: { x: 1 } }).phase).toEqualTypeOf<"succeeded">();
});

test("outputs are what Flyte has values for", () => {
  expectTypeOf<1 | 1n | "x" | true | null>().toExtend<FlyteOutput>();
  expectTypeOf(float(1)).toExtend<FlyteOutput>();
  expectTypeOf(instant(new Date())).toExtend<FlyteOutput>();
  expectTypeOf<Date>().toExtend<FlyteOutput>();
  expectTypeOf<() => void>().not.toExtend<FlyteOutput>();
  // @ts-expect-error a function is no output
  succeeded({ outputs: { x: () => 1 } });
});

test("a name and a task type are needed", () => {
  // @ts-expect-error which task type?
  expect(() => defineSyncAgent({ name: "X", do: async () => succeeded() })).toThrow(
    "needs a non-empty string as taskType",
  );
});
