import { setTimeout as delay } from "node:timers/promises";
import {
  type AsyncAgent,
  aborted,
  defineAsyncAgent,
  definePlugin,
  defineSyncAgent,
  float,
  int,
  type Plugin,
  type Resource,
  running,
  type SyncAgent,
  succeeded,
  type Task,
} from "@flyte-agent/sdk";
import { throwIfAsked } from "./errors.ts";
import { resourceOf } from "./scenarios.ts";
import { type TwinJob, twinJob } from "./twin-job.ts";
import { createVendor, type Vendor } from "./vendor.ts";
import { whatIsSeen } from "./what-is-seen.ts";

/** The twin on our server. `../python` has it on the servers of flytekit and flyte-sdk. */
const plugin: Plugin = definePlugin({
  setup: () => {
    const vendor = createVendor(process.env.TWIN_VENDOR_FOLDER ?? ".");
    return [twin(vendor, 0), twin(vendor, 2), plainTwin(vendor), syncTwin(vendor)];
  },
});

export default plugin;

function twin(vendor: Vendor, taskTypeVersion: number): AsyncAgent<TwinJob> {
  return defineAsyncAgent<TwinJob>({
    name: "Twin",
    taskType: "twin",
    taskTypeVersion,
    job: twinJob,
    pythonJobs: true,
    async create(task, context) {
      const job = jobOf(task);
      throwIfAsked(job.scenario, "create");
      switch (job.scenario) {
        case "slow create":
          await delay(5_000, undefined, { signal: context.signal });
          return job;
        case "vendor":
          await vendor.start(job.job_id);
          return job;
        case "seen":
          return { ...job, seen: whatIsSeen(task, context) };
        case "large job":
          return { ...job, note: "x".repeat(5_000) };
        case "unwritable job":
          // What only plain JavaScript can do.
          return { ...job, seen: { at: new Date() } } as unknown as TwinJob;
        default:
          return job;
      }
    },
    async get(job, context) {
      throwIfAsked(job.scenario, "get");
      if (job.scenario === "connection") {
        return running({ customInfo: { ...context.configs, token: await context.secrets.get("token") } });
      }
      return await answer(job, vendor);
    },
    async delete({ scenario, job_id }) {
      throwIfAsked(scenario, "delete");
      if (scenario === "vendor") await vendor.stop(job_id);
    },
    async metrics({ scenario }) {
      throwIfAsked(scenario, "metrics");
      const data = { resultType: "matrix", result: [{ values: [[0, "0.5"]] }] };
      return [
        { metric: "cpu", data },
        { metric: "Größe", data: {} },
      ];
    },
    async logs({ scenario }, { token }) {
      throwIfAsked(scenario, "logs");
      if (token === "2") return { lines: [{ message: "third" }] };
      const timestamp = new Date("2026-11-24T08:00:00.123Z");
      return {
        lines: [
          { message: "first: Größe 💥", timestamp, originator: "user" },
          { message: "second", originator: "system" },
        ],
        nextToken: "2",
      };
    },
  });
}

// Has neither metrics nor logs.
function plainTwin(vendor: Vendor): AsyncAgent<TwinJob> {
  return defineAsyncAgent<TwinJob>({
    name: "Plain Twin",
    taskType: "twin_plain",
    job: twinJob,
    pythonJobs: true,
    create: async (task) => jobOf(task),
    get: (job) => answer(job, vendor),
    delete: async () => {},
  });
}

function syncTwin(vendor: Vendor): SyncAgent {
  return defineSyncAgent({
    name: "Sync Twin",
    taskType: "twin_sync",
    async do(task, context) {
      const job = jobOf(task);
      throwIfAsked(job.scenario, "do");
      if (job.scenario === "seen") return succeeded({ customInfo: whatIsSeen(task, context) });
      return await answer(job, vendor);
    },
  });
}

function jobOf({ custom }: Task): TwinJob {
  const { scenario, job_id } = custom;
  if (typeof scenario !== "string" || typeof job_id !== "string") throw new Error("no scenario");
  return { scenario, job_id, note: "", seen: null };
}

async function answer({ scenario, job_id, seen }: TwinJob, vendor: Vendor): Promise<Resource> {
  if (scenario === "seen") return succeeded({ customInfo: seen ?? {} });
  if (scenario !== "vendor") return resourceOf(scenario);
  const state = await vendor.state(job_id);
  if (state === "running") return running({ message: "at work" });
  if (state === "stopped") return aborted("stopped");
  return succeeded({ message: "done", outputs: { state, count: int(3), ratio: float(2) } });
}
