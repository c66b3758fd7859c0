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

/** A plugin whose calls are watched. */
export interface WatchedPlugin {
  /** The same plugin; give it to a host. */
  readonly plugin: Plugin;
  /** What `setup` returned, untouched; empty before. */
  readonly agents: readonly Agent[];
  /** Handlers that were called and have not come to an end. */
  readonly running: number;
  /** What `setup` or `dispose` threw. */
  readonly failure: { readonly reason: unknown } | undefined;
  /** Settles with the next call of a handler. */
  nextCall(): Promise<void>;
  /** Settles when no handler runs. */
  idle(): Promise<void>;
}

/** Watches what the server, seen from outside, does not tell: errors of `setup` and `dispose`, and handlers that go on. */
export function watchPlugin(plugin: Plugin): WatchedPlugin {
  const agents: Agent[] = [];
  const running = new Set<Promise<unknown>>();
  const waiting: (() => void)[] = [];
  let failure: WatchedPlugin["failure"];

  async function remembering<Result>(work: () => Result | Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (reason) {
      failure = { reason };
      throw reason;
    }
  }

  function watched<Arguments extends readonly unknown[], Result>(
    handler: (...given: Arguments) => Promise<Result>,
  ): (...given: Arguments) => Promise<Result> {
    return (...given) => {
      // A handler in plain JavaScript may throw at once.
      const call = (async () => handler(...given))();
      const ended = call.then(
        () => undefined,
        () => undefined,
      );
      running.add(ended);
      for (const resolve of waiting.splice(0)) resolve();
      return call.finally(() => running.delete(ended));
    };
  }

  function watchAgent(agent: Agent): Agent {
    switch (agent.kind) {
      case "sync":
        return { ...agent, do: watched((task: Task, context: CreateContext) => agent.do(task, context)) };
      case "sensor":
        return {
          ...agent,
          create: watched((task: Task, context: CreateContext) => agent.create(task, context)),
          poke: watched((job: unknown, context: GetContext) => agent.poke(job, context)),
        };
      case "async":
        return watchAsyncAgent(agent);
    }
  }

  function watchAsyncAgent(agent: AsyncAgent): AsyncAgent {
    const { logs, metrics } = agent;
    return {
      ...agent,
      create: watched((task: Task, context: CreateContext) => agent.create(task, context)),
      get: watched((job: unknown, context: GetContext) => agent.get(job, context)),
      delete: watched((job: unknown, context: CallContext) => agent.delete(job, context)),
      ...(logs && {
        logs: watched((job: unknown, page: LogPage, context: CallContext) => logs.call(agent, job, page, context)),
      }),
      ...(metrics && {
        metrics: watched((job: unknown, query: MetricsQuery, context: CallContext) =>
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
      return running.size;
    },
    get failure() {
      return failure;
    },
    nextCall: () => new Promise((resolve) => void waiting.push(resolve)),
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
