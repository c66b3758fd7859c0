import type { TaskDescription } from "../task-description.ts";
import type { TestResource } from "../test-host.ts";
import { mistyped, without } from "./altered.ts";
import type { ContractBench } from "./contract-bench.ts";
import type { ContractCheck } from "./contract-check.ts";
import { assertNoCrash } from "./no-crash.ts";
import { assertTaskRefused, assertTaskRefusedForGood, taskRefusalOf } from "./task-refusal.ts";
import { violation } from "./violation.ts";

/** Tasks that cannot be run are refused where they are created: later nobody reads why. */
export const taskChecks: readonly ContractCheck[] = [
  {
    name: "refuses a task without a key of custom that it needs",
    kinds: ["async", "sensor", "sync"],
    needs: ["requiredCustomKeys"],
    async check(bench) {
      for (const key of bench.subject.requiredCustomKeys ?? []) {
        const { custom = {} } = bench.task;
        const missing = { ...bench.task, custom: without(custom, key) };
        assertTaskRefused(`a task without custom.${key}`, await taskRefusalOf(startAnew(bench, missing)), key);
        const wrong = { ...bench.task, custom: { ...custom, [key]: mistyped(valueAt(custom, key)) } };
        assertTaskRefused(`a task with a mistyped custom.${key}`, await taskRefusalOf(startAnew(bench, wrong)), key);
      }
    },
  },
  {
    name: "refuses a task without an input that it needs",
    kinds: ["async", "sensor", "sync"],
    needs: ["requiredInputs"],
    async check(bench) {
      for (const name of bench.subject.requiredInputs ?? []) {
        const task = { ...bench.task, inputs: without(bench.task.inputs ?? {}, name) };
        assertTaskRefused(`a task without input "${name}"`, await taskRefusalOf(startAnew(bench, task)), name);
      }
    },
  },
  {
    name: "does not stumble over whatever a task holds",
    kinds: ["async", "sensor", "sync"],
    async check(bench) {
      const { custom = {}, inputs = {} } = bench.task;
      await tryTask(bench, { ...bench.task, custom: {} }, "a task with nothing in custom");
      for (const key of Object.keys(custom)) {
        await tryTask(bench, { ...bench.task, custom: without(custom, key) }, `a task without custom.${key}`);
        for (const value of [[null], { nested: {} }, 7, "", null, true]) {
          const task = { ...bench.task, custom: { ...custom, [key]: value } };
          await tryTask(bench, task, `a task whose custom.${key} is ${JSON.stringify(value)}`);
        }
      }
      for (const name of Object.keys(inputs)) {
        const task = { ...bench.task, inputs: without(inputs, name) };
        await tryTask(bench, task, `a task without input "${name}"`, name);
      }
    },
  },
  {
    name: "says which secret is missing",
    kinds: ["async", "sensor", "sync"],
    needs: ["secrets"],
    async check(bench) {
      for (const name of Object.keys(bench.subject.secrets ?? {})) {
        const without = Object.entries(bench.subject.secrets ?? {}).filter(([other]) => other !== name);
        const server = await bench.replica({ secrets: Object.fromEntries(without) });
        const refusal = await taskRefusalOf(
          bench.start(server, bench.task, { execution: { name: `without-${name}` } }),
        );
        assertNoCrash(server, `a task without secret "${name}"`);
        if (refusal === undefined) continue;
        assertTaskRefusedForGood(`a task without secret "${name}"`, refusal);
        if (refusal.text.includes(name)) continue;
        throw violation(`a task without secret "${name}" is refused without its name: ${refusal.text}`);
      }
    },
  },
];

async function tryTask(bench: ContractBench, task: TaskDescription, what: string, name?: string): Promise<void> {
  const refusal = await taskRefusalOf(startAnew(bench, task));
  assertNoCrash(bench.server, what);
  if (refusal === undefined) return;
  assertTaskRefusedForGood(what, refusal);
  if (name === undefined || refusal.text.includes(name)) return;
  throw violation(`${what} was answered with ${refusal.code} without its name: ${refusal.text}`);
}

/** Starts a task as an execution of its own. */
function startAnew(bench: ContractBench, task: TaskDescription): Promise<TestResource | undefined> {
  return bench.start(bench.server, task, { execution: {} });
}

function valueAt(object: object, key: string): unknown {
  return Object.entries(object).find(([name]) => name === key)?.[1];
}
