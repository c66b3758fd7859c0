import {
  type AsyncAgentSpec,
  defineAsyncAgent,
  definePlugin,
  invalidTask,
  queued,
  type Resource,
  running,
  succeeded,
} from "@flyte-agent/sdk";
import type { ContractSubject } from "@flyte-agent/testing";
import { describe, expect, it } from "vitest";
import { brokenChecks } from "../fixtures/broken-checks.ts";
import { createJobStore, type JobStore } from "../fixtures/job-store.ts";
import { type StoreJob, storeHandlers, storeHelp, storeJob } from "../fixtures/store-plugin.ts";

const token = "correct horse battery";

type Change = (store: JobStore, good: AsyncAgentSpec<StoreJob>) => Partial<AsyncAgentSpec<StoreJob>>;

/** The subject of an agent that is right but for what `change` replaces. */
function broken(change: Change): ContractSubject {
  const store = createJobStore();
  const good = storeHandlers(store);
  const plugin = definePlugin({ setup: () => [defineAsyncAgent({ ...good, ...change(store, good) })] });
  return { ...storeHelp(store), plugin };
}

const oneJob = "starts one job per attempt, however often Flyte asks";
const oneJobOnTwoServers = "starts one job per attempt if two servers are asked at once";
const succeeds = "succeeds with the outputs that the task declares";
const keepsSecrets = "keeps secrets out of jobs, answers, errors and logs";
const pollable = "can be polled as soon as the job is created";
const sameOnOtherServer = "answers the same on a server that did not create the job";
const fitsState = "answers the phase that fits the vendor's state";
const deletesTwice = "deletes a job twice";
const deletesUnknown = "deletes a job that the vendor does not know";
const neverStumblesOnJobs = "does not stumble over jobs with missing or mistyped keys";
const neverStumblesOnTasks = "does not stumble over whatever a task holds";
const pollableAfterDelete = "can be polled after delete";
const refusesForeignJobs = "refuses to poll what is no job of its own";
const needsCustom = "refuses a task without a key of custom that it needs";
const stops = "stops working when its caller goes away";

describe("an async agent", () => {
  it.each<[string, Change, readonly string[]]>([
    [
      "that starts a job with each create",
      (_store, good) => ({
        create: async (task, context) => good.create(task, { ...context, idempotencyKey: crypto.randomUUID() }),
      }),
      [oneJob, oneJobOnTwoServers],
    ],
    [
      "whose job changes",
      (_store, good) => ({ create: async (...given) => ({ ...(await good.create(...given)), at: performance.now() }) }),
      [oneJob, oneJobOnTwoServers],
    ],
    [
      "with a large job",
      (_store, good) => ({ create: async (...given) => ({ ...(await good.create(...given)), sql: "x".repeat(5000) }) }),
      ["makes a job of at most 4 KiB"],
    ],
    [
      "that refuses second attempts",
      (_store, good) => ({
        create: async (task, context) => {
          if (context.execution.attempt > 0) throw invalidTask("custom", "is used up");
          return good.create(task, context);
        },
      }),
      ["starts the next attempt after the first"],
    ],
    [
      "that leaks a secret into the job",
      (_store, good) => ({ create: async (...given) => ({ ...(await good.create(...given)), token }) }),
      [keepsSecrets],
    ],
    [
      "that leaks a secret into the log, in base64",
      (_store, good) => ({
        get: async (job, context) => {
          context.log.info("calling", { authorization: `Basic ${btoa(`me:${token}`)}` });
          return good.get(job, context);
        },
      }),
      [keepsSecrets],
    ],
    [
      "that leaks a secret into an error",
      (_store, good) => ({
        create: async (task, context) => {
          if (task.custom.seconds === undefined) throw invalidTask("custom.seconds", `is missing for ${token}`);
          return good.create(task, context);
        },
      }),
      [keepsSecrets],
    ],
    [
      "that fails with a plain error without its secret",
      (_store, good) => ({
        create: async (task, context) => {
          if ((await context.secrets.find("store_token")) === undefined) throw new Error("401");
          return good.create(task, context);
        },
      }),
      ["says which secret is missing"],
    ],
    [
      "that throws on a second delete",
      (store, good) => ({
        delete: async (job, context) => {
          if (store.find(job.id)?.state === "CANCELLED") throw new Error("409 already cancelled");
          await good.delete(job, context);
        },
      }),
      [deletesTwice],
    ],
    [
      "that throws at the delete of an ended job",
      (store, good) => ({
        delete: async (job, context) => {
          if (store.find(job.id)?.state === "DONE") throw new Error("409 done");
          await good.delete(job, context);
        },
      }),
      ["deletes a job that has ended"],
    ],
    [
      "that throws at the delete of an unknown job",
      (store) => ({
        delete: async ({ id }) => {
          if (store.find(id) === undefined) throw new Error("404");
          store.cancel(id);
        },
      }),
      [deletesUnknown],
    ],
    [
      "that throws when a deleted job is polled",
      (store, good) => ({
        get: async (job, context) => {
          if (store.find(job.id)?.state === "CANCELLED") throw new Error("410");
          return good.get(job, context);
        },
      }),
      [pollableAfterDelete, fitsState],
    ],
    [
      "whose first poll throws",
      (_store, good) => {
        const polled = new Set<string>();
        return {
          get: async (job, context) => {
            if (polled.has(job.id)) return good.get(job, context);
            polled.add(job.id);
            throw new Error("not yet");
          },
        };
      },
      [pollable, succeeds, fitsState, pollableAfterDelete],
    ],
    [
      "with a link that leads nowhere",
      (_store, good) => ({
        get: async (...given) => ({ ...(await good.get(...given)), logLinks: [{ name: "Page", uri: "/jobs" }] }),
      }),
      [pollable, succeeds, fitsState],
    ],
    [
      "with an output of the wrong type",
      (_store, good) => ({
        get: async (...given) => {
          const resource = await good.get(...given);
          return resource.phase === "succeeded" ? succeeded({ outputs: { seconds: "two" } }) : resource;
        },
      }),
      [succeeds],
    ],
    [
      "with an output under another name",
      (_store, good) => ({
        get: async (...given) => {
          const resource = await good.get(...given);
          return resource.phase === "succeeded" ? succeeded({ outputs: { s: 2.5 } }) : resource;
        },
      }),
      [succeeds],
    ],
    [
      "that takes a waiting job for a running one",
      (store, good) => ({
        get: async (job, context) => (store.find(job.id)?.state === "RUNNING" ? queued() : good.get(job, context)),
      }),
      [fitsState],
    ],
    [
      "that reads any job",
      (_store, good) => ({
        job: { "~standard": { version: 1, vendor: "test", validate: (value) => ({ value: value as StoreJob }) } },
        get: async (job, context) => good.get({ id: job.id.trim() }, context),
        delete: async () => undefined,
      }),
      [refusesForeignJobs, neverStumblesOnJobs],
    ],
    [
      "that refuses unknown keys in jobs",
      () => ({
        job: {
          "~standard": {
            version: 1,
            vendor: "test",
            validate: (value) =>
              Object.keys(Object(value)).join() === "id"
                ? storeJob["~standard"].validate(value)
                : { issues: [{ message: "" }] },
          },
        },
      }),
      ["reads jobs with keys that a newer release may have added"],
    ],
    [
      "that does not look at custom",
      (_store, good) => ({
        create: async (task, context) => {
          const seconds = (task.custom.seconds as number).toFixed(1);
          return good.create({ ...task, custom: { seconds: Number(seconds) } }, context);
        },
      }),
      [needsCustom, neverStumblesOnTasks],
    ],
    [
      "whose refusal names no key",
      (_store, good) => ({
        create: async (task, context) => {
          if (typeof task.custom.seconds !== "number") throw invalidTask("the task", "is wrong");
          return good.create(task, context);
        },
      }),
      [needsCustom],
    ],
    [
      "whose refusal shows a stack",
      (_store, good) => ({
        create: async (task, context) => {
          if (typeof task.custom.seconds !== "number")
            throw invalidTask("custom.seconds", String(new Error("x").stack));
          return good.create(task, context);
        },
      }),
      [needsCustom, neverStumblesOnTasks],
    ],
    [
      "that does not listen to its signal",
      (_store, good) => ({
        get: async (job, context) => good.get(job, { ...context, signal: new AbortController().signal }),
      }),
      [stops],
    ],
    [
      "whose logs never end",
      () => ({ logs: async () => ({ lines: [], nextToken: "again" }) }),
      ["answers logs, page by page, if it offers any"],
    ],
    [
      "whose metrics throw",
      () => ({
        metrics: async () => {
          throw new Error("no metrics");
        },
      }),
      ["answers metrics, if it offers any"],
    ],
  ])("%s breaks the contract there and nowhere else", async (_, change, expected) => {
    const found = await brokenChecks(broken(change));
    expect(new Set(found.keys()), JSON.stringify([...found], null, 1)).toEqual(new Set(expected));
    for (const said of found.values()) expect(said).toMatch(/^ContractViolation: /);
  });

  it("that knows its jobs only in memory is told by another server", async () => {
    const store = createJobStore();
    const plugin = definePlugin({
      setup: () => {
        const own = new Set<string>();
        const good = storeHandlers(store);
        return [
          defineAsyncAgent({
            ...good,
            create: async (...given) => {
              const job = await good.create(...given);
              own.add(job.id);
              return job;
            },
            get: async (job, context): Promise<Resource> => (own.has(job.id) ? good.get(job, context) : running()),
          }),
        ];
      },
    });
    const found = await brokenChecks({ ...storeHelp(store), plugin });
    expect([...found.keys()]).toEqual([sameOnOtherServer]);
  });

  it("whose outputs the task does not declare is not said to keep jobs in memory", async () => {
    const get = async (): Promise<Resource> => succeeded({ outputs: { minutes: 2 } });
    const found = await brokenChecks(broken(() => ({ pythonJobs: true, get })));
    expect(found.get(sameOnOtherServer)).toContain('it is failed: output "minutes": the task does not declare it');
  });
});
