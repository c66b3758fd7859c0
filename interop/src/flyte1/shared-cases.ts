import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readFlytekitFixture } from "../twins/flytekit-fixture.ts";
import { startWebhookReceiver } from "../twins/webhook-receiver.ts";
import { bigqueryCases } from "./bigquery-cases.ts";
import type { Flyte1Case } from "./case.ts";
import { executeDirectly } from "./direct-calls.ts";
import { expectEqual } from "./expect-equal.ts";
import { readOutputs } from "./read-outputs.ts";
import { scriptedTask } from "./scripted-task.ts";
import { endlessJob, succeeded, text } from "./scripts.ts";

/** Run side by side, with one propeller and one server. */
export const sharedCases: readonly Flyte1Case[] = [
  {
    name: "webhook",
    async run({ start, store }) {
      await using webhooks = await startWebhookReceiver();
      const workflow = await start(await readFlytekitFixture("webhook-get", { base: webhooks.address }));
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("outputs", await readOutputs(end, store), {
        info: {
          status_code: 200,
          response_data: "received",
          input_data: { exact: true, page: 2, q: "green & blue/ü", ratio: 0.5 },
          url: `${webhooks.address}/items/10`,
        },
      });
      expectEqual("requests", webhooks.requests.length, 1);
    },
  },
  {
    // Propeller takes descriptions and the metadata of types out of a template.
    name: "webhook-of-every-type",
    async run({ start, deployment }) {
      await using webhooks = await startWebhookReceiver();
      const task = await readFlytekitFixture("webhook-post", { base: webhooks.address });
      expectEqual("phase", (await (await start(task)).ended()).phase, "succeeded");
      await executeDirectly(deployment.port, task);
      const [whole, direct, ...others] = webhooks.requests.map(({ body, ...rest }) => ({
        ...rest,
        // Go writes the fields of a Struct in any order. Long numbers as texts, since JavaScript would round them.
        body: JSON.parse(body.replaceAll(/(?<=:)\d{16,}/g, '"$&"')) as unknown,
      }));
      expectEqual("request", whole, direct);
      expectEqual("further requests", others, []);
    },
  },
  {
    name: "sensor",
    async run({ start, evidenceFolder, execution }) {
      const path = join(evidenceFolder, `${execution}-is-there`);
      const workflow = await start(await readFlytekitFixture("sensor-file", { path }));
      await workflow.until("running", ({ isJobRunning }) => isJobRunning);
      await writeFile(path, "");
      expectEqual("phase", (await workflow.ended()).phase, "succeeded");
    },
  },
  ...bigqueryCases,
  {
    name: "retryable-failure-then-success",
    async run({ start, jobs, store }) {
      const failure = { phase: "retryable_failed", message: "no machine left" } as const;
      const attempts = [{ steps: [failure] }, { steps: [succeeded] }];
      const workflow = await start(scriptedTask({ attempts, retries: 2, hasText: true }));
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "succeeded");
      expectEqual("attempts before the last", end.attempts, 1);
      expectEqual("outputs", await readOutputs(end, store), { text });
      expectEqual("jobs", jobs(), ["created 0", "deleted 0", "created 1"]);
    },
  },
  {
    name: "failure",
    async run({ start, jobs }) {
      const steps = [{ phase: "failed", message: "the table is empty" }] as const;
      const end = await (await start(scriptedTask({ attempts: [{ steps }], retries: 2 }))).ended();
      expectEqual("phase", end.phase, "failed");
      expectEqual("error", end.error, {
        code: "TaskFailedWithError",
        message: "failed to run the job: the table is empty",
      });
      expectEqual("jobs", jobs(), ["created 0"]);
    },
  },
  {
    name: "abort-by-deletion",
    async run({ start, jobs }) {
      const workflow = await start(scriptedTask({ attempts: [endlessJob] }));
      await workflow.until("running", ({ isJobRunning }) => isJobRunning);
      await workflow.delete();
      expectEqual("jobs", jobs(), ["created 0", "deleted 0"]);
    },
  },
  {
    name: "timeout",
    async run({ start, jobs }) {
      const end = await (await start(scriptedTask({ attempts: [endlessJob], timeoutSeconds: 8 }))).ended();
      expectEqual("phase", end.phase, "failed");
      // Propeller has two deadlines for it, and either may be the first to be seen.
      const code = end.error?.code ?? "";
      expectEqual(
        "code",
        ["Timeout", "RetriesExhausted|TimeoutExpired"].includes(code) ? "a timeout" : code,
        "a timeout",
      );
      expectEqual("jobs", jobs(), ["created 0", "deleted 0"]);
    },
  },
  {
    // Propeller hands the tasks of a map node the state of a pod, which its plugins for agents cannot read.
    name: "map-task-never-arrives",
    async run({ start, jobs }) {
      const workflow = await start(scriptedTask({ attempts: [{ steps: [succeeded] }], hasText: true, elements: 3 }));
      const end = await workflow.ended();
      expectEqual("phase", end.phase, "failed");
      expectEqual("reason", /CorruptedPluginState/.exec(end.error?.message ?? "")?.[0], "CorruptedPluginState");
      expectEqual("jobs", jobs(), []);
    },
  },
  {
    name: "canary",
    async run({ start, jobs, execution }) {
      // Pinned to different deployments, each of which has both.
      for (const type of ["canary", "stable"]) {
        const workflow = await start(
          scriptedTask({ type: `interop_${type}`, attempts: [{ steps: [succeeded] }] }),
          `${execution}-${type}`,
        );
        expectEqual("phase", (await workflow.ended()).phase, "succeeded");
      }
      expectEqual("jobs of the canary's type at the canary", jobs(`${execution}-canary`, "canary"), ["created 0"]);
      expectEqual("jobs of the canary's type at the other", jobs(`${execution}-canary`), []);
      expectEqual("jobs of the other's type at the canary", jobs(`${execution}-stable`, "canary"), []);
      expectEqual("jobs of the other's type at the other", jobs(`${execution}-stable`), ["created 0"]);
    },
  },
];
