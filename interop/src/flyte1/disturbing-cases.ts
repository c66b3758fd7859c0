import { setTimeout as delay } from "node:timers/promises";
import { allAtMost } from "../propeller/all-at-most.ts";
import { bigqueryJobs, readBigqueryFixture } from "./bigquery-fixture.ts";
import type { Flyte1Case } from "./case.ts";
import { expectEqual } from "./expect-equal.ts";
import { readOutputs } from "./read-outputs.ts";
import { scriptedTask } from "./scripted-task.ts";
import { jobOf, text } from "./scripts.ts";

/** Run one after the other, with a propeller and a server of their own. */
export const disturbingCases: readonly Flyte1Case[] = [
  {
    name: "propeller-killed",
    async run({ start, jobs, propeller, store }) {
      const workflow = await start(scriptedTask({ attempts: [jobOf(10_000)], hasText: true }));
      await workflow.until("running", ({ isJobRunning }) => isJobRunning);
      await propeller.killAndRestart();
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), { text });
      expectEqual("jobs", jobs(), ["created 0"]);
    },
  },
  {
    name: "both-killed-while-creating",
    async run({ start, bigquery, propeller, deployment, execution, signal }) {
      // The job is there, but nobody is told of it.
      bigquery.disturb("insert", { kind: "hang", isDone: true });
      const workflow = await start(await readBigqueryFixture("scalars"));
      while (bigquery.requestsOf("insert").length === 0) await delay(50, undefined, { signal });
      await propeller.killAndRestart(deployment.killAndRestart);
      expectEqual("phase", (await workflow.ended()).phase, "succeeded");
      expectEqual("inserts", bigquery.requestsOf("insert").length, 2);
      expectEqual("jobs", bigqueryJobs(bigquery, execution).length, 1);
    },
  },
  {
    name: "server-killed",
    async run({ start, jobs, deployment, store }) {
      const workflow = await start(scriptedTask({ attempts: [jobOf(10_000)], hasText: true }));
      await workflow.until("running", ({ isJobRunning }) => isJobRunning);
      await deployment.killAndRestart();
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), { text });
      expectEqual("jobs", jobs(), ["created 0"]);
    },
  },
  {
    name: "server-rolled-over",
    async run({ start, jobs, deployment, execution, signal }) {
      // Each has one attempt, so that a single lost call to create fails its workflow.
      const names = Array.from({ length: 20 }, (_, index) => `${execution}-${index}`);
      const live = async (name: string): Promise<void> => {
        await delay(names.indexOf(name) * 400, undefined, { signal });
        const workflow = await start(scriptedTask({ attempts: [jobOf(2_000)], slow: { createMs: 800 } }), name);
        expectEqual("phase", (await workflow.ended()).phase, "succeeded");
      };
      const rollOverTwice = async (): Promise<void> => {
        for (const _ of [1, 2]) {
          await delay(1_500, undefined, { signal });
          await deployment.rollOver();
        }
      };
      await allAtMost(2, [rollOverTwice, () => allAtMost(names.length, names, live)], (work) => work());
      expectEqual(
        "jobs",
        names.map((name) => jobs(name)),
        names.map(() => ["created 0"]),
      );
    },
  },
];
