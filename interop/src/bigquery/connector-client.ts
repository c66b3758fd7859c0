import {
  create,
  type DescMethodUnary,
  type JsonObject,
  type JsonValue,
  type MessageInitShape,
  toBinary,
  toJson,
} from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { flyteidl1, flyteidl2, wire } from "@flyte-agent/idl";
import { encodedConnection } from "../harness/encoded-connection.ts";

/** What GetTask answered, in terms that both generations have. */
export interface PolledResource {
  /** Name of `TaskExecution.Phase`. */
  readonly phase: string;
  readonly message: string;
  /** protojson of `TaskLog`. */
  readonly links: readonly JsonObject[];
  /** Uri of each output that is a structured dataset; undefined if the answer has no outputs at all. */
  readonly outputs: Readonly<Record<string, string>> | undefined;
  readonly customInfo: JsonObject | undefined;
}

/** The answer to a call, or the status and text of its error. */
export type Answered<Value> =
  | { readonly kind: "ok"; readonly value: Value }
  | { readonly kind: "error"; readonly status: string; readonly text: string };

/** A client of one server and one generation, for the three calls that a job sees. */
export interface ConnectorClient {
  readonly generation: "1" | "2";
  /** CreateTask with the bytes of template and inputs as they are. */
  create(task: CreatedTask): Promise<Answered<Uint8Array>>;
  get(job: Uint8Array, options?: CallOptions): Promise<Answered<PolledResource>>;
  delete(job: Uint8Array, options?: CallOptions): Promise<Answered<undefined>>;
}

/** What comes with a call about a job. */
export interface CallOptions {
  readonly connection?: Connection | undefined;
  /** The caller's deadline. @default 60000 */
  readonly timeoutMs?: number | undefined;
}

/** Credentials and settings that Flyte 2 sends with each call. */
export type Connection = MessageInitShape<typeof wire.ConnectionSchema>;

/** What a task is created with. */
export interface CreatedTask {
  readonly template: Uint8Array;
  readonly inputs: Uint8Array;
  /** Name of the execution: with the same name it is the same attempt. */
  readonly execution: string;
  readonly connection?: Connection;
}

const taskCategory = { name: "bigquery_query_job_task", version: 0 };
const outputPrefix = "s3://metadata/shop-production-f1/n0/data/0";

/** So long that only a call which hangs meets it. */
const longestMs = 60_000;

/** Connects to a server on a port of this machine. */
export function createConnectorClient(generation: "1" | "2", port: number): ConnectorClient {
  const transport = createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
  const service = generation === "1" ? flyteidl1.AsyncAgentService : flyteidl2.AsyncConnectorService;
  const { createTask, getTask, deleteTask } = service.method;
  const sent = (connection: Connection | undefined) =>
    connection === undefined ? {} : { connection: encodedConnection(connection) };

  async function call(
    method: DescMethodUnary,
    input: typeof wire.CreateTaskRequestSchema | typeof wire.GetTaskRequestSchema | typeof wire.DeleteTaskRequestSchema,
    request: MessageInitShape<typeof input>,
    timeoutMs = longestMs,
  ): Promise<Answered<JsonObject>> {
    try {
      // Our envelopes have Flyte's field numbers, with bytes for what is only handed on.
      const called = { ...method, input };
      const answer = await transport.unary(called, undefined, timeoutMs, undefined, create(input, request));
      // Messages are JSON objects.
      return { kind: "ok", value: toJson(method.output, answer.message) as JsonObject };
    } catch (reason) {
      const { code, rawMessage } = ConnectError.from(reason);
      return { kind: "error", status: Code[code], text: rawMessage };
    }
  }

  return {
    generation,
    async create({ template, inputs, execution, connection }) {
      const taskExecutionMetadata = executionMetadata(execution);
      const request = { template, inputs, outputPrefix, taskExecutionMetadata, ...sent(connection) };
      const answer = await call(createTask, wire.CreateTaskRequestSchema, request);
      if (answer.kind === "error") return answer;
      return { kind: "ok", value: new Uint8Array(Buffer.from(String(answer.value.resourceMeta ?? ""), "base64")) };
    },
    async get(resourceMeta, { connection, timeoutMs } = {}) {
      const request = { resourceMeta, taskCategory, outputPrefix, ...sent(connection) };
      const answer = await call(getTask, wire.GetTaskRequestSchema, request, timeoutMs);
      return answer.kind === "error" ? answer : { kind: "ok", value: readResource(answer.value) };
    },
    async delete(resourceMeta, { connection, timeoutMs } = {}) {
      const request = { resourceMeta, taskCategory, ...sent(connection) };
      const answer = await call(deleteTask, wire.DeleteTaskRequestSchema, request, timeoutMs);
      return answer.kind === "error" ? answer : { kind: "ok", value: undefined };
    },
  };
}

/** What Flyte says of an attempt; both generations have the same fields. */
function executionMetadata(execution: string): Uint8Array {
  const { TaskExecutionMetadataSchema: schema } = flyteidl1;
  const name = { project: "shop", domain: "production" };
  return toBinary(
    schema,
    create(schema, {
      taskExecutionId: {
        taskId: { ...name, resourceType: 1, name: "daily.orders", version: "v7" },
        nodeExecutionId: { nodeId: "n0", executionId: { ...name, name: execution } },
      },
      namespace: "shop-production",
      labels: { "execution-id": execution, "node-id": "n0", "task-name": "daily-orders" },
    }),
  );
}

function readResource(answer: JsonObject): PolledResource {
  const resource = object(answer.resource);
  const { outputs, customInfo } = resource;
  return {
    phase: String(resource.phase ?? "UNDEFINED"),
    message: String(resource.message ?? ""),
    links: (Array.isArray(resource.logLinks) ? resource.logLinks : []).map(object),
    outputs:
      outputs === undefined
        ? undefined
        : Object.fromEntries(literalsOf(outputs).map(([name, literal]) => [name, uriOf(literal)])),
    customInfo: customInfo === undefined ? undefined : object(customInfo),
  };
}

// Flyte 1 has a map of literals, Flyte 2 a list with names.
function literalsOf(outputs: JsonValue): [name: string, literal: JsonObject][] {
  const { literals } = object(outputs);
  if (Array.isArray(literals))
    return literals.map((entry) => [String(object(entry).name), object(object(entry).value)]);
  return Object.entries(object(literals)).map(([name, literal]) => [name, object(literal)]);
}

function uriOf(literal: JsonObject): string {
  const dataset = object(object(literal.scalar).structuredDataset);
  return literal.scalar === undefined ? JSON.stringify(literal) : String(dataset.uri ?? "");
}

function object(value: JsonValue | undefined): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
