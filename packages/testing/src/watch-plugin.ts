import type {
  Agent,
  AsyncAgent,
  CallContext,
  CreateContext,
  GetContext,
  LogPage,
  MetricsQuery,
  Plugin,
  Task,
} from "@flyte-agent/sdk";

/** A call of a handler that has come to an end. */
export type WatchedCall =
  | { readonly operation: WatchedOperation; readonly answer: unknown }
  | { readonly operation: WatchedOperation; readonly thrown: unknown };

/** The handlers of agents. */
export type WatchedOperation = "create" | "do" | "get" | "poke" | "delete" | "logs" | "metrics";

/** A plugin whose calls are watched. */
export interface WatchedPlugin {
  /** The same plugin; give it to a host. */
  readonly plugin: Plugin;
  /** What `setup` returned, untouched; empty before. */
  readonly agents: readonly Agent[];
  /** Handlers that were called and have not come to an end. */
  readonly running: number;
  /** Calls of handlers that have ended, in the order in which they did. */
  readonly ended: readonly WatchedCall[];
  /** What `setup` or `dispose` threw first. */
  readonly failure: { readonly reason: unknown } | undefined;
  /** Settles with the next call of a handler. */
  nextCall(): Promise<void>;
}

/** Watches what the server, seen from outside, does not tell: errors of `setup` and `dispose`, and handlers that go on. */
export function watchPlugin(plugin: Plugin): WatchedPlugin {
  const agents: Agent[] = [];
  const ended: WatchedCall[] = [];
  const waiting: (() => void)[] = [];
  let running = 0;
  let failure: WatchedPlugin["failure"];

  async function remembering<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (reason) {
      failure ??= { reason };
      throw reason;
    }
  }

  function watched<Arguments extends readonly unknown[], Result>(
    operation: WatchedOperation,
    handler: (...given: Arguments) => Promise<Result>,
  ): (...given: Arguments) => Promise<Result> {
    return async (...given) => {
      running += 1;
      for (const resolve of waiting.splice(0)) resolve();
      try {
        const answer = await handler(...given);
        ended.push({ operation, answer });
        return answer;
      } catch (thrown) {
        ended.push({ operation, thrown });
        throw thrown;
      } finally {
        running -= 1;
      }
    };
  }

  function watchAgent(agent: Agent): Agent {
    switch (agent.kind) {
      case "sync":
        return { ...agent, do: watched("do", (task: Task, context: CreateContext) => agent.do(task, context)) };
      case "sensor":
        return {
          ...agent,
          create: watched("create", (task: Task, context: CreateContext) => agent.create(task, context)),
          poke: watched("poke", (job: unknown, context: GetContext) => agent.poke(job, context)),
        };
      case "async":
        return watchAsyncAgent(agent);
    }
  }

  function watchAsyncAgent(agent: AsyncAgent): AsyncAgent {
    const { logs, metrics } = agent;
    return {
      ...agent,
      create: watched("create", (task: Task, context: CreateContext) => agent.create(task, context)),
      get: watched("get", (job: unknown, context: GetContext) => agent.get(job, context)),
      delete: watched("delete", (job: unknown, context: CallContext) => agent.delete(job, context)),
      ...(logs && {
        logs: watched("logs", (job: unknown, page: LogPage, context: CallContext) =>
          logs.call(agent, job, page, context),
        ),
      }),
      ...(metrics && {
        metrics: watched("metrics", (job: unknown, query: MetricsQuery, context: CallContext) =>
          metrics.call(agent, job, query, context),
        ),
      }),
    };
  }

  return {
    plugin: {
      ...plugin,
      setup: (context) =>
        remembering(async () => {
          const made = await plugin.setup(context);
          // A plugin in plain JavaScript may return anything: the server says what is wrong with it.
          if (!Array.isArray(made)) return made;
          agents.push(...made);
          return made.map(watchAgent);
        }),
      dispose: () => remembering(() => plugin.dispose()),
    },
    agents,
    get running() {
      return running;
    },
    ended,
    get failure() {
      return failure;
    },
    nextCall: () => new Promise((resolve) => void waiting.push(resolve)),
  };
}
