import {
  type AgentError,
  defineAsyncAgent,
  definePlugin,
  defineSensor,
  defineSyncAgent,
  duration,
  type FlyteValue,
  instant,
  invalidInput,
  invalidTask,
  jobNotFound,
  pythonText,
  renderInputs,
  toJson,
  vendorMisconfigured,
  vendorRefused,
  vendorUnavailable,
} from "@flyte-agent/sdk";
import { expect, it } from "vitest";
import { taskWith } from "./encoded-task.ts";

const identity = { name: "A", taskType: "b" };
// Plugins in plain JavaScript call with anything.
const anything = (value: unknown): never => value as never;

function nested(levels: number): FlyteValue {
  let value: FlyteValue = 1;
  for (let level = 0; level < levels; level++) value = [value];
  return value;
}

/** What authors call directly, and what it throws: class, code and text are as much a promise as what it returns. */
it.each<[string, () => unknown, string, string]>([
  [
    "instant of a string",
    () => instant("x"),
    "RangeError",
    "not a timestamp: give a Date, or RFC 3339 text with an offset",
  ],
  [
    "instant of no date",
    () => instant(new Date(Number.NaN)),
    "RangeError",
    "not a timestamp: give a Date, or RFC 3339 text with an offset",
  ],
  ["instant of a far year", () => instant(10n ** 30n), "RangeError", "outside the years 1 to 9999"],
  [
    "duration of a string",
    () => duration(anything("x")),
    "RangeError",
    "not a duration: give parts, such as { seconds: 90 }",
  ],
  [
    "duration of other parts",
    () => duration(anything({ fortnights: 1 })),
    "RangeError",
    "not a duration: give parts, such as { seconds: 90 }",
  ],
  ["duration of ages", () => duration(10n ** 30n), "RangeError", "longer than 10,000 years"],
  ["toJson of what is too deep", () => toJson(nested(300)), "RangeError", "nested deeper than 200 levels"],
  ["pythonText of what is too deep", () => pythonText(nested(300)), "RangeError", "nested deeper than 200 levels"],
  [
    "renderInputs without the input",
    () => renderInputs("{inputs.x}", taskWith({})),
    "invalid_input",
    'input "x": the template uses {inputs.x}, and the task has no such input: it has none',
  ],
  [
    "definePlugin of nothing",
    () => definePlugin(anything({})),
    "plugin_invalid",
    "definePlugin needs a function as setup",
  ],
  [
    "defineAsyncAgent of nothing",
    () => defineAsyncAgent(anything({})),
    "plugin_invalid",
    "defineAsyncAgent needs a non-empty string as name, got undefined",
  ],
  [
    "defineSyncAgent without do",
    () => defineSyncAgent(anything(identity)),
    "plugin_invalid",
    'defineSyncAgent of task type "b" needs a function as do',
  ],
  [
    "defineSensor without a job",
    () => defineSensor(anything({ ...identity, create() {}, poke() {} })),
    "plugin_invalid",
    'defineSensor of task type "b" needs a Standard Schema (zod, valibot, arktype, …) as job: it reads jobs back that Flyte stored',
  ],
])("%s", (_what, call, kind, message) => {
  let thrown: unknown;
  try {
    call();
  } catch (error) {
    thrown = error;
  }
  const { code, name, message: text } = thrown as AgentError; // every row throws an error of one of two classes
  expect([code ?? name, text]).toEqual([kind, message]);
});

it.each([
  [invalidTask("custom.x", "is missing"), "invalid_task", "custom.x: is missing"],
  [invalidInput("x", "is missing"), "invalid_input", 'input "x": is missing'],
  [jobNotFound("gone"), "job_not_found", "gone"],
  [vendorUnavailable("503"), "vendor_unavailable", "503"],
  [vendorRefused("no"), "vendor_refused", "no"],
  [vendorMisconfigured("key"), "vendor_misconfigured", "key"],
])("%s", (error, code, message) => {
  expect([error.name, error.code, error.message]).toEqual(["AgentError", code, message]);
});
