import {
  type CreateContext,
  checkCustom,
  defineAsyncAgent,
  defineSensor,
  defineSyncAgent,
  isAgentError,
  type JsonObject,
  succeeded,
} from "@flyte-agent/sdk";
import * as v from "valibot";
import { describe, expect, expectTypeOf, it } from "vitest";
import { taskWith } from "./encoded-task.ts";

// No handler here looks at it.
const context = {} as CreateContext;
const identity = { name: "Test", taskType: "test" };
const custom = v.object({
  url: v.pipe(v.string("expected an address"), v.url("expected an address")),
  retries: v.optional(v.number(), 3),
  steps: v.optional(v.array(v.object({ name: v.string() })), []),
});

function taskOf(configuration: JsonObject) {
  return { ...taskWith({}), custom: configuration };
}

async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (isAgentError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("the configuration was accepted");
}

describe("a schema of a task's configuration", () => {
  const good = taskOf({ url: "https://example.com", unknown: 1 });

  it("types and makes what every kind of agent gets", async () => {
    const job = v.object({ url: v.string(), retries: v.number() });
    const made = { url: "https://example.com", retries: 3 };
    const agent = defineAsyncAgent({
      ...identity,
      job,
      custom,
      create: async (task) => {
        expectTypeOf(task.custom).toEqualTypeOf<{ url: string; retries: number; steps: { name: string }[] }>();
        return { url: task.custom.url, retries: task.custom.retries };
      },
      get: async () => succeeded(),
      delete: async () => {},
    });
    expect(await agent.create(good, context)).toEqual(made);
    const sensor = defineSensor({
      ...identity,
      job,
      custom,
      create: async ({ custom: { url, retries } }) => ({ url, retries }),
      poke: async () => true,
    });
    expect(await sensor.create(good, context)).toEqual(made);
    const sync = defineSyncAgent({
      ...identity,
      custom,
      inputs: v.object({}),
      do: async (task) => {
        expectTypeOf(task.custom.retries).toEqualTypeOf<number>();
        return succeeded({ message: task.custom.url });
      },
    });
    expect(await sync.do(good, context)).toMatchObject({ message: "https://example.com" });
  });

  it("is JSON without one", async () => {
    const agent = defineSyncAgent({
      ...identity,
      do: async (task) => {
        expectTypeOf(task.custom).toEqualTypeOf<JsonObject>();
        return succeeded({ message: String(task.custom.unknown) });
      },
    });
    expect(await agent.do(good, context)).toMatchObject({ message: "1" });
  });

  it.each<[string, JsonObject, string]>([
    ["a missing key", {}, "custom.url: is missing"],
    ["the wrong kind", { url: 5 }, "custom.url: is a number that does not fit: expected an address"],
    ["a wrong value", { url: "hunter2" }, "custom.url: is a string that does not fit: expected an address"],
    [
      "what is deep inside",
      { url: "https://example.com", steps: [{ name: "a" }, { name: null }] },
      "custom.steps[1].name: is null that does not fit: expected string",
    ],
    [
      "two",
      { url: 5, retries: "x" },
      "custom.url: is a number that does not fit: expected an address, custom.retries: is a string that does not fit: expected number",
    ],
  ])("names the place of %s, without its value", async (_what, configuration, message) => {
    const agent = defineSyncAgent({ ...identity, custom, do: async () => succeeded() });
    expect(await refusal(agent.do(taskOf(configuration), context))).toBe(`invalid_task: ${message}`);
  });

  it("leaves out a message that quotes the value, and names the whole", async () => {
    const quoting = v.object({
      key: v.pipe(
        v.string(),
        v.check(
          () => false,
          ({ input }) => `cannot use ${input}`,
        ),
      ),
    });
    expect(await refusal(checkCustom({ key: "hunter2" }, quoting))).toBe(
      "invalid_task: custom.key: is a string that does not fit",
    );
    const whole = v.pipe(
      v.object({}),
      v.check(() => false, "expected something else"),
    );
    expect(await refusal(checkCustom({}, whole))).toBe(
      "invalid_task: custom: is an object that does not fit: expected something else",
    );
  });

  it("must be one", () => {
    const spec = { ...identity, custom: {} as typeof custom, do: async () => succeeded() };
    expect(() => defineSyncAgent(spec)).toThrow(
      'defineSyncAgent of task type "test" needs a Standard Schema (zod, valibot, arktype, …) as custom: it checks the configuration of a task',
    );
  });
});
