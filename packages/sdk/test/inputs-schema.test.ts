import {
  type CreateContext,
  defineAsyncAgent,
  defineSensor,
  defineSyncAgent,
  isAgentError,
  succeeded,
} from "@flyte-agent/sdk";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { primitive, taskWith } from "./encoded-task.ts";
import { listOf, simple } from "./literal-types.ts";
import { thrown } from "./thrown.ts";

// No handler here looks at it.
const context = {} as CreateContext;
const identity = { name: "Test", taskType: "test" };
const inputs = v.object({ rows: v.pipe(v.array(v.number()), v.minLength(1)), limit: v.optional(v.number(), 10) });
const one = primitive({ case: "integer", value: 1n });
const rows = (literal: typeof one) =>
  taskWith({
    rows: [listOf(simple("INTEGER")), { value: { case: "collection", value: { literals: [literal as never] } } }],
  });

async function refusal(answer: Promise<unknown>): Promise<string> {
  try {
    await answer;
  } catch (error) {
    if (isAgentError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error("the inputs were accepted");
}

describe("a schema of an agent's inputs", () => {
  it("types and makes what every kind of agent gets, beside the rest of the task", async () => {
    const job = v.object({ sum: v.number() });
    const sum = (values: { readonly rows: number[]; readonly limit: number }): number =>
      values.rows.reduce((left, right) => left + right, values.limit);
    const create = defineAsyncAgent({
      ...identity,
      job,
      inputs,
      create: async (task) => ({ sum: sum(task.inputs) + task.literals.size + task.retries }),
      get: async () => succeeded(),
      delete: async () => {},
    }).create;
    expect(await create(rows(one), context)).toEqual({ sum: 12 });
    const sensor = defineSensor({
      ...identity,
      job,
      inputs,
      create: async (task) => ({ sum: sum(task.inputs) }),
      poke: async () => true,
    });
    expect(await sensor.create(rows(one), context)).toEqual({ sum: 11 });
    const sync = defineSyncAgent({
      ...identity,
      inputs,
      do: async (task) => succeeded({ outputs: { sum: sum(task.inputs) } }),
    });
    expect(await sync.do(rows(one), context)).toMatchObject({ outputs: { sum: 11 } });
  });

  it("refuses what does not fit, without its value", async () => {
    const agent = defineSyncAgent({ ...identity, inputs, do: async () => succeeded() });
    const secret = taskWith({ rows: [simple("STRING"), primitive({ case: "stringValue", value: "secret" })] });
    expect(await refusal(agent.do(secret, context))).toBe(
      "invalid_input: the inputs are not what the agent takes: rows is a string that does not fit: expected Array",
    );
    expect(await refusal(agent.do(taskWith({}), context))).toBe(
      "invalid_input: the inputs are not what the agent takes: rows is missing",
    );
  });

  it("must be one", () => {
    expect(thrown(() => defineSyncAgent({ ...identity, inputs: {} as never, do: async () => succeeded() }))).toBe(
      'plugin_invalid: defineSyncAgent of task type "test" needs a Standard Schema (zod, valibot, arktype, …) as inputs: ' +
        "it checks the inputs of a task",
    );
  });

  it("may be left out", async () => {
    const agent = defineSyncAgent({
      ...identity,
      do: async (task) => succeeded({ outputs: { rows: task.inputs.rows ?? null } }),
    });
    expect(await agent.do(rows(one), context)).toMatchObject({ outputs: { rows: [1] } });
  });
});
