import { Buffer } from "node:buffer";
import type { Agent, JsonObject } from "@flyte-agent/sdk";
import { isTerminal } from "@flyte-agent/sdk";
import { newAttempt } from "../new-attempt.ts";
import type { TaskDescription } from "../task-description.ts";
import type { CallOptions, StartOptions, TestHost, TestResource } from "../test-host.ts";
import type { TestHostOptions } from "../test-host-options.ts";
import { type WatchedPlugin, watchPlugin } from "../watch-plugin.ts";
import { type CreatedJob, createWatchedHost } from "../watched-host.ts";
import type { ContractJob, ContractSubject } from "./contract-subject.ts";
import { holdsItsEnd, taskRefusalOf } from "./task-refusal.ts";
import { violation } from "./violation.ts";

/** A plugin that is served for one check, by as many replicas as the check asks for. */
export interface ContractBench extends AsyncDisposable {
  readonly subject: ContractSubject;
  readonly flyte: 1 | 2;
  /** The agent that serves the task, as the plugin made it. */
  readonly agent: Agent;
  /** The task's category. */
  readonly category: { readonly name: string; readonly version: number };
  readonly task: TaskDescription;
  readonly server: Replica;
  /** Starts another server with the same plugin, which knows nothing of what the first one did. */
  replica(changes?: Partial<TestHostOptions>): Promise<Replica>;
  /**
   * Starts the task, or another one, the way Flyte does.
   *
   * @returns how it ended, if Flyte is told that at once: of a sync agent, and of a task that is refused.
   */
  start(on: Replica, task: TaskDescription, options?: StartOptions): Promise<TestResource | undefined>;
  /** Creates the job of an attempt: the same one each time, unless told otherwise. */
  create(options?: StartOptions, on?: Replica): Promise<ContractJob>;
  get(job: Uint8Array, on?: Replica): Promise<TestResource>;
  delete(job: Uint8Array): Promise<void>;
  /** Lets the job succeed and polls it until it has ended. */
  untilEnded(job: ContractJob): Promise<TestResource>;
  /** Runs the task to its end. */
  run(): Promise<TestResource>;
}

/** A server of the plugin and what is seen of the plugin's own code. */
export interface Replica {
  readonly host: TestHost;
  readonly watched: WatchedPlugin;
}

/** Larger than Flyte's servers allow, so that a job that is too large is met by the one check that is for it. */
const benchMaxJobBytes = 64 * 1024;

/** Sets a plugin up for one check. */
export async function openBench(subject: ContractSubject, flyte: 1 | 2): Promise<ContractBench> {
  const task = await resolved(subject.task);
  const options = subject.options === undefined ? {} : { options: await resolved(subject.options) };
  const created = new Map<string, CreatedJob>();
  const replicas: Replica[] = [];
  const { execution } = newAttempt({ flyte });

  async function replica(changes: Partial<TestHostOptions> = {}): Promise<Replica> {
    const watched = watchPlugin(subject.plugin);
    const { packageDir, manifest, secrets, configs } = subject;
    const own = Object.entries({ packageDir, manifest, secrets, configs }).filter(([, value]) => value !== undefined);
    const given: TestHostOptions = { ...Object.fromEntries(own), ...options, ...changes };
    const made = { host: await createWatchedHost(watched, given, created, benchMaxJobBytes), watched };
    replicas.push(made);
    return made;
  }

  const server = await replica();
  const agent = server.watched.agents.find(
    ({ taskType, taskTypeVersion }) => taskType === task.type && taskTypeVersion === (task.taskTypeVersion ?? 0),
  );
  if (agent === undefined)
    throw new Error(`the plugin has no agent for the type and version of the task, "${task.type}"`);
  const category = { name: agent.taskType, version: agent.taskTypeVersion };
  const call: CallOptions = { flyte };

  async function endOf(creating: Promise<Uint8Array>, host: TestHost): Promise<TestResource | undefined> {
    const job = await creating;
    return holdsItsEnd(job) ? await host.get(category, job, call) : undefined;
  }

  const bench: ContractBench = {
    subject,
    flyte,
    agent,
    category,
    task,
    server,
    replica,
    async start({ host }, started, more = {}) {
      const given = { execution, ...more };
      if (agent.kind === "sync" && flyte === 1) return await host.do(started, { ...given, flyte: 1 });
      return await endOf(host.create(started, { ...given, flyte }), host);
    },
    async create(more = {}, { host } = server) {
      const creating = host.create(task, { execution, ...more, flyte });
      const refusal = await taskRefusalOf(endOf(creating, host));
      if (refusal !== undefined) throw violation(`create failed: ${refusal.text}`);
      return contractJob(agent.taskType, await creating, flyte);
    },
    get: (job, { host } = server) => host.get(category, job, call),
    delete: (job) => server.host.delete(category, job, call),
    async untilEnded(job) {
      await subject.settle?.(job);
      const { settlesWithinMs = 5_000 } = subject;
      const startMs = Date.now();
      for (;;) {
        const state = await bench.get(job.bytes);
        if (isTerminal(state.phase)) return state;
        if (Date.now() - startMs > settlesWithinMs) {
          const advice = subject.settle === undefined ? ": give `settle`, which makes it succeed" : "";
          throw violation(`after ${settlesWithinMs} ms the job is still ${state.phase} ("${state.message}")${advice}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    run: async () =>
      agent.kind === "sync" ? server.host.run(task, { execution, flyte }) : bench.untilEnded(await bench.create()),
    async [Symbol.asyncDispose]() {
      await subject.cleanUp?.();
      // Whether everything ended is the business of one check.
      await Promise.allSettled(replicas.map(({ host }) => host[Symbol.asyncDispose]()));
    },
  };
  return bench;
}

function contractJob(taskType: string, bytes: Uint8Array, flyte: 1 | 2): ContractJob {
  const value: unknown = JSON.parse(Buffer.from(bytes).toString("utf8"));
  // The server writes jobs as JSON objects. What it keeps in them for itself the plugin never sees.
  const own = Object.entries(value as JsonObject).filter(([key]) => !key.startsWith("flyte_agent_"));
  return { taskType, bytes, value: Object.fromEntries(own), flyte };
}

async function resolved<T extends object>(given: T | (() => T | Promise<T>)): Promise<T> {
  return typeof given === "function" ? await given() : given;
}
