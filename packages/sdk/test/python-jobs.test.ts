import { defineSensor } from "@flyte-agent/sdk";
import * as v from "valibot";
import { expect, it } from "vitest";
import { thrown } from "./thrown.ts";

it("whether Python reads the jobs of an agent, too, is said by true or false", () => {
  const sensor = {
    name: "Test",
    taskType: "test",
    job: v.object({}),
    create: async () => ({}),
    poke: async () => true,
  };
  expect(thrown(() => defineSensor({ ...sensor, pythonJobs: "yes" as never }))).toBe(
    'plugin_invalid: defineSensor takes true or false as pythonJobs, got "yes"',
  );
  expect(defineSensor({ ...sensor, pythonJobs: true })).toMatchObject({ pythonJobs: true });
});
