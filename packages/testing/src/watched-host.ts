import { setTimeout } from "node:timers/promises";
import { parseTaskDescription, type TaskToRun } from "@flyte-agent/client";
import { executionMetadata, type RunningJob, type StartedTask, type TaskClient } from "@flyte-agent/client/internal";
import { isTerminal, type LiteralType } from "@flyte-agent/sdk";
import { closeHost } from "./close-host.ts";
import { newAttempt } from "./new-attempt.ts";
import { readResource } from "./read-resource.ts";
import { servePlugin } from "./serve-plugin.ts";
import type { CallOptions, StartOptions, TaskTypeOrCategory, TestHost, TestResource } from "./test-host.ts";
import type { TestHostOptions } from "./test-host-options.ts";
import type { WatchedPlugin } from "./watch-plugin.ts";

/** What a caller remembers of a job, as Flyte does. */
export interface CreatedJob {
  readonly outputPrefix: string;
  readonly outputTypes: ReadonlyMap<string, LiteralType>;
}

/**
 * Serves a plugin that is watched already.
 *
 * @param created what the callers of this host remember, by the bytes of the job in base64. Hosts that share one are
 *   replicas behind one Flyte.
 */
export async function createWatchedHost(
  watched: WatchedPlugin,
  options: TestHostOptions,
  created: Map<string, CreatedJob>,
  maxJobBytes: number,
): Promise<TestHost> {
  const { runtime, flyte1, flyte2, logRecords } = await servePlugin(watched, options, maxJobBytes);
  const clientOf = ({ flyte = 1 }: CallOptions): TaskClient => (flyte === 1 ? flyte1 : flyte2);

  function categoryOf(taskType: TaskTypeOrCategory): RunningJob["category"] {
    if (typeof taskType !== "string") return taskType;
    const [agent, ...more] = watched.agents.filter((served) => served.taskType === taskType);
    return { name: taskType, version: more.length === 0 ? (agent?.taskTypeVersion ?? 0) : 0 };
  }

  async function create(task: TaskToRun, start: StartOptions): Promise<Uint8Array> {
    const started = startedTask(task, start);
    const job = await clientOf(start).create(started, limitsOf(start));
    created.set(keyOf(job), { outputPrefix: started.outputPrefix, outputTypes: task.outputTypes });
    return job;
  }

  async function get(sent: RunningJob, call: CallOptions & { readonly outputPrefix?: string }): Promise<TestResource> {
    const known = created.get(keyOf(sent.job)) ?? unknownJob;
    const outputPrefix = call.outputPrefix ?? known.outputPrefix;
    return readResource(await clientOf(call).get({ ...sent, outputPrefix }, limitsOf(call)), known.outputTypes);
  }

  async function executeSync(task: TaskToRun, start: StartOptions): Promise<TestResource> {
    return readResource(await flyte1.execute(startedTask(task, start), limitsOf(start)), task.outputTypes);
  }

  return {
    do: async (task, start = {}) => executeSync(parseTaskDescription(task), start),
    create: async (task, start = {}) => create(parseTaskDescription(task), start),
    get: async (taskType, job, call = {}) => get({ category: categoryOf(taskType), job }, call),
    async delete(taskType, job, call = {}) {
      await clientOf(call).delete({ category: categoryOf(taskType), job }, limitsOf(call));
    },
    async logs(taskType, job, call = {}) {
      const { lines = 0, token = "" } = call;
      return await clientOf(call).logs({ category: categoryOf(taskType), job }, { lines, token }, limitsOf(call));
    },
    async metrics(taskType, job, call = {}) {
      const { queries = [], start, end, stepMs } = call;
      const sent = { category: categoryOf(taskType), job };
      return await clientOf(call).metrics(sent, { queries, start, end, stepMs }, limitsOf(call));
    },
    async run(description, start = {}) {
      const task = parseTaskDescription(description);
      const { category } = task;
      if (start.flyte !== 2 && runtime.registry.find(category)?.mode === "sync") return executeSync(task, start);
      const job = await create(task, start);
      return untilTerminal(() => get({ category, job }, start), start.endsWithinMs ?? 10_000);
    },
    logRecords,
    async [Symbol.asyncDispose]() {
      await closeHost(runtime, watched);
    },
  };
}

function startedTask(task: TaskToRun, start: StartOptions): StartedTask {
  const { execution, outputPrefix } = newAttempt(start);
  return { ...task, metadata: executionMetadata(execution), outputPrefix };
}

const unknownJob: CreatedJob = { outputPrefix: "", outputTypes: new Map() };

function keyOf(job: Uint8Array): string {
  return Buffer.from(job).toString("base64");
}

function limitsOf({ timeoutMs = 10_000, signal }: CallOptions): {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
} {
  return { timeoutMs, ...(signal === undefined ? {} : { signal }) };
}

async function untilTerminal(poll: () => Promise<TestResource>, endsWithinMs: number): Promise<TestResource> {
  const startMs = Date.now();
  for (let pauseMs = 10; ; pauseMs = Math.min(250, pauseMs * 2)) {
    const state = await poll();
    if (isTerminal(state.phase)) return state;
    if (Date.now() - startMs > endsWithinMs) {
      throw new Error(`the task did not end within ${endsWithinMs} ms; it is ${state.phase}: ${state.message}`);
    }
    await setTimeout(pauseMs);
  }
}
