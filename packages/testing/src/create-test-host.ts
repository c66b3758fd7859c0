import { setTimeout } from "node:timers/promises";
import { createRouterTransport } from "@connectrpc/connect";
import {
  createInlineHost,
  createRuntime,
  defaultConfig,
  parseTaskDescription,
  type TaskToRun,
} from "@flyte-agent/runtime";
import { isTerminal, type LiteralType, type Plugin } from "@flyte-agent/sdk";
import { captureLog } from "./capture-log.ts";
import { closeHost } from "./close-host.ts";
import { declaredManifest, type ManifestSource } from "./declared-manifest.ts";
import type { FlyteClient, Limits, SentJob } from "./flyte-client.ts";
import { createFlyte1Client } from "./flyte1-client.ts";
import { createFlyte2Client } from "./flyte2-client.ts";
import { newAttempt } from "./new-attempt.ts";
import { planOfOne } from "./plan-of-one.ts";
import { readResource } from "./read-resource.ts";
import type { CallOptions, StartOptions, TaskTypeOrCategory, TestHost, TestResource } from "./test-host.ts";
import { undeclaredManifest } from "./undeclared-manifest.ts";
import { type WatchedPlugin, watchPlugin } from "./watch-plugin.ts";

/** What a plugin is served with. */
export interface TestHostOptions extends ManifestSource {
  /** What the operator writes under `config.<id>`. */
  readonly options?: object;
  /** By name. The server has them in its environment (`_FSEC_<NAME>`); Flyte 2 sends them with each call besides. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Flyte 2's `Connection.configs`. */
  readonly configs?: Readonly<Record<string, string>>;
}

/**
 * Serves a plugin in memory.
 *
 * Without `packageDir` or `manifest`, the manifest is taken to declare what the plugin's `setup` returns.
 *
 * @throws Error if the plugin cannot be set up: wrong options, a wrong manifest, or an error of its own.
 */
export async function createTestHost(plugin: Plugin, options: TestHostOptions = {}): Promise<TestHost> {
  return serveWatched(watchPlugin(plugin), options, new Map(), defaultConfig.limits.maxJobBytes);
}

/** What a caller remembers of a job, as Flyte does. */
export interface CreatedJob {
  readonly outputPrefix: string;
  readonly outputTypes: ReadonlyMap<string, LiteralType>;
}

/**
 * {@link createTestHost} for a plugin that is watched already.
 *
 * @param created what the callers of this host remember, by the bytes of the job in base64. Hosts that share one are
 *   replicas behind one Flyte.
 */
export async function serveWatched(
  watched: WatchedPlugin,
  options: TestHostOptions,
  created: Map<string, CreatedJob>,
  maxJobBytes: number,
): Promise<TestHost> {
  const { secrets = {}, configs = {} } = options;
  const { log, records } = captureLog();
  const manifest = (await declaredManifest(options)) ?? undeclaredManifest(watched);
  const { limits } = defaultConfig;
  const host = createInlineHost({
    manifest,
    load: async () => watched.plugin,
    pluginOptions: options.options,
    environment: environmentOf(secrets),
    maxJobBytes,
    log,
  });
  await host.start();
  if (host.state.kind === "quarantined") throw setUpFailed(watched, host.state.reason);

  const runtime = createRuntime({
    plan: planOfOne(manifest),
    createHost: (_entry, onState) => {
      onState(host.state);
      return host;
    },
    limits,
    timings: { maxOutageMs: 600_000, receiveTimeoutMs: 10_000 },
    log,
  });
  const transport = createRouterTransport((router) => runtime.routes(router, "binary"));
  const flyte1 = createFlyte1Client(transport);
  const flyte2 = createFlyte2Client(transport, { secrets: { ...secrets }, configs: { ...configs } });
  const clientOf = ({ flyte = 1 }: CallOptions): FlyteClient => (flyte === 1 ? flyte1 : flyte2);

  async function create(task: TaskToRun, start: StartOptions): Promise<Uint8Array> {
    const attempt = newAttempt(start);
    const job = await clientOf(start).create(task, attempt, limitsOf(start));
    created.set(keyOf(job), { outputPrefix: attempt.outputPrefix, outputTypes: task.outputTypes });
    return job;
  }

  async function get(sent: SentJob, call: CallOptions & { readonly outputPrefix?: string }): Promise<TestResource> {
    const known = created.get(keyOf(sent.job)) ?? unknownJob;
    const prefix = call.outputPrefix ?? known.outputPrefix;
    return readResource(await clientOf(call).get(sent, prefix, limitsOf(call)), known.outputTypes);
  }

  async function executeSync(task: TaskToRun, start: StartOptions): Promise<TestResource> {
    return readResource(await flyte1.do(task, newAttempt(start), limitsOf(start)), task.outputTypes);
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
    logRecords: records,
    async [Symbol.asyncDispose]() {
      await closeHost(runtime, watched);
    },
  };
}

const unknownJob: CreatedJob = { outputPrefix: "", outputTypes: new Map() };

function keyOf(job: Uint8Array): string {
  return Buffer.from(job).toString("base64");
}

function categoryOf(taskType: TaskTypeOrCategory): SentJob["category"] {
  return typeof taskType === "string" ? { name: taskType, version: 0 } : taskType;
}

function limitsOf({ timeoutMs = 10_000, signal }: CallOptions): Limits {
  return { timeoutMs, ...(signal === undefined ? {} : { signal }) };
}

function environmentOf(secrets: Readonly<Record<string, string>>): Record<string, string> {
  const variables = Object.entries(secrets).map(([name, value]) => [`_FSEC_${name.toUpperCase()}`, value]);
  // Secret files of the machine that runs the tests do not count.
  return { ...Object.fromEntries(variables), FLYTE_SECRETS_DEFAULT_DIR: "/there/are/no/secret/files" };
}

function setUpFailed({ failure }: WatchedPlugin, reason: string): Error {
  if (failure === undefined) return new Error(`the plugin cannot be set up: ${reason}`);
  const message = failure.reason instanceof Error ? failure.reason.message : String(failure.reason);
  return new Error(`the plugin's setup failed: ${message}`, { cause: failure.reason });
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
