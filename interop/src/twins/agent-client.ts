import {
  create,
  type DescMessage,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  type Message,
  type MessageInitShape,
} from "@bufbuild/protobuf";
import type { Transport } from "@connectrpc/connect";
import { createGrpcTransport, type GrpcTransportOptions } from "@connectrpc/connect-node";
import { flyteidl1, flyteidl2, grpcHealth, wire } from "@flyte-agent/idl";
import { type Facts, factsOf, factsOfError } from "./facts.ts";
import { withRefusedTask } from "./refused-task.ts";

/** What came back of a call. */
export interface Outcome {
  readonly facts: Facts;
  /** The job, if it was a successful create. */
  readonly job: Uint8Array<ArrayBuffer>;
}

/** How a call is made. */
export interface CallOptions {
  readonly timeoutMs?: number;
  /** Replaces the connection's settings. */
  readonly transport?: Partial<GrpcTransportOptions>;
}

type Init<Schema extends DescMessage> = MessageInitShape<Schema>;

/**
 * A client of one server and one generation. Requests are our envelopes, whose payloads are bytes, so that every request
 * can be made, also the impossible ones; both generations have the same field numbers. Answers are read with Flyte's own
 * messages.
 */
export interface AgentClient {
  create(request: Init<typeof wire.CreateTaskRequestSchema>, options?: CallOptions): Promise<Outcome>;
  get(request: Init<typeof wire.GetTaskRequestSchema>): Promise<Outcome>;
  delete(request: Init<typeof wire.DeleteTaskRequestSchema>): Promise<Outcome>;
  metrics(request: Init<typeof wire.GetTaskMetricsRequestSchema>): Promise<Outcome>;
  logs(request: Init<typeof wire.GetTaskLogsRequestSchema>): Promise<Outcome>;
  /**
   * ExecuteTaskSync of Flyte 1.
   *
   * @param options `isHalfClosed`: whether the client ends its side after the last message, as FlytePropeller does since 1.14.
   */
  executeSync(
    parts: readonly Init<typeof wire.ExecuteTaskSyncRequestSchema>[],
    options?: { readonly isHalfClosed?: boolean },
  ): Promise<Outcome>;
  /** ListAgents or ListConnectors. Sorted by name, since the order of registration means nothing. */
  list(): Promise<Outcome>;
  /** GetAgent or GetConnector. */
  describe(name: string): Promise<Outcome>;
  /** A method that no service has. */
  unknownMethod(): Promise<Outcome>;
  health(service: string): Promise<Outcome>;
  /** The first status of a watch, after which the watch is cancelled. */
  watchHealth(service: string): Promise<Outcome>;
}

/**
 * Connects to a server on a port of this machine.
 *
 * @param longestMs the deadline of each call that has none of its own.
 */
export function createAgentClient(generation: "1" | "2", port: number, longestMs: number): AgentClient {
  const settings: GrpcTransportOptions = { baseUrl: `http://127.0.0.1:${port}`, idleConnectionTimeoutMs: 60_000 };
  const transport = createGrpcTransport(settings);
  const service = generation === "1" ? flyteidl1.AsyncAgentService : flyteidl2.AsyncConnectorService;
  const { method } = service;

  function unary<Schema extends DescMessage>(
    called: DescMethodUnary,
    schema: Schema,
    init: Init<Schema>,
    { transport: own, timeoutMs = longestMs }: CallOptions = {},
  ): Promise<Outcome> {
    const used = own === undefined ? transport : createGrpcTransport({ ...settings, ...own });
    const recoded = { ...called, input: schema };
    return outcomeOf(async () => {
      const { message } = await used.unary(recoded, undefined, timeoutMs, undefined, create(schema, init));
      return { facts: { rpc: "OK", ...factsOf(called.output, message) }, job: jobOf(message) };
    });
  }

  function serverStream<Schema extends DescMessage>(
    called: DescMethodServerStreaming,
    schema: Schema,
    init: Init<Schema>,
  ): Promise<Outcome> {
    return collect({ ...called, input: schema }, of(create(schema, init)));
  }

  // All answers of a stream.
  async function collect(
    called: Parameters<Transport["stream"]>[0],
    requests: AsyncIterable<Message>,
  ): Promise<Outcome> {
    const facts: Record<string, string> = { rpc: "OK" };
    let count = 0;
    try {
      const answer = await transport.stream(called, undefined, longestMs, undefined, requests);
      for await (const message of answer.message) {
        Object.assign(facts, factsOf(called.output, message, String(count)));
        count += 1;
      }
    } catch (reason) {
      Object.assign(facts, factsOfError(reason));
    }
    return { facts: { ...facts, messages: String(count) }, job: nothing };
  }

  return {
    async create(request, options) {
      const outcome = await unary(method.createTask, wire.CreateTaskRequestSchema, request, options);
      return { ...outcome, facts: withRefusedTask(outcome.facts) };
    },
    get: (request) => unary(method.getTask, wire.GetTaskRequestSchema, request),
    delete: (request) => unary(method.deleteTask, wire.DeleteTaskRequestSchema, request),
    metrics: (request) => unary(method.getTaskMetrics, wire.GetTaskMetricsRequestSchema, request),
    logs: (request) => serverStream(method.getTaskLogs, wire.GetTaskLogsRequestSchema, request),
    async executeSync(parts, { isHalfClosed = true } = {}) {
      const called = { ...flyteidl1.SyncAgentService.method.executeTaskSync, input: wire.ExecuteTaskSyncRequestSchema };
      const messages = parts.map((part) => create(wire.ExecuteTaskSyncRequestSchema, part));
      const outcome = await collect(called, isHalfClosed ? of(...messages) : thenNothing(messages));
      return { ...outcome, facts: withRefusedTask(outcome.facts) };
    },
    list: () =>
      outcomeOf(async () => {
        if (generation === "1") {
          const { listAgents } = flyteidl1.AgentMetadataService.method;
          const answer = await transport.unary(listAgents, undefined, longestMs, undefined, {});
          const agents = answer.message.agents.toSorted(byName);
          return ok(listAgents.output, create(listAgents.output, { agents }));
        }
        const { listConnectors } = flyteidl2.ConnectorMetadataService.method;
        const answer = await transport.unary(listConnectors, undefined, longestMs, undefined, {});
        const connectors = answer.message.connectors.toSorted(byName);
        return ok(listConnectors.output, create(listConnectors.output, { connectors }));
      }),
    describe: (name) =>
      generation === "1"
        ? unary(flyteidl1.AgentMetadataService.method.getAgent, flyteidl1.GetAgentRequestSchema, { name })
        : unary(flyteidl2.ConnectorMetadataService.method.getConnector, flyteidl2.GetConnectorRequestSchema, { name }),
    unknownMethod: () => unary({ ...method.createTask, name: "CreateTaskAndWait" }, wire.CreateTaskRequestSchema, {}),
    health: (name) => unary(grpcHealth.Health.method.check, grpcHealth.HealthCheckRequestSchema, { service: name }),
    watchHealth: (name) =>
      outcomeOf(async () => {
        const { watch } = grpcHealth.Health.method;
        const stop = new AbortController();
        const request = of(create(grpcHealth.HealthCheckRequestSchema, { service: name }));
        const answer = await transport.stream(watch, stop.signal, longestMs, undefined, request);
        try {
          for await (const message of answer.message) return ok(watch.output, message);
          return { facts: { rpc: "OK", messages: "0" }, job: nothing };
        } finally {
          stop.abort();
        }
      }),
  };
}

const nothing = new Uint8Array();

async function outcomeOf(call: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await call();
  } catch (reason) {
    return { facts: factsOfError(reason), job: nothing };
  }
}

function ok(schema: DescMessage, message: Message): Outcome {
  return { facts: { rpc: "OK", ...factsOf(schema, message) }, job: nothing };
}

async function* of<Item>(...items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

// The stream is cancelled by its end on the other side or by the deadline.
async function* thenNothing<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
  await new Promise(() => {});
}

function jobOf(message: Message): Uint8Array<ArrayBuffer> {
  return "resourceMeta" in message && message.resourceMeta instanceof Uint8Array
    ? new Uint8Array(message.resourceMeta)
    : nothing;
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
