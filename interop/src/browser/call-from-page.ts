/** How the page calls. */
export type PageProtocol = "Connect with JSON" | "Connect with protobuf" | "gRPC-Web";

/** What the page saw. */
export interface SeenByPage {
  /** Task types that ListAgents names. */
  readonly taskTypes: readonly string[];
  /** Phases of a job, as GetTask of both generations told them. */
  readonly phases: readonly string[];
  /** A call that is refused. */
  readonly refusal: string;
  /** A stream that ends with an error. */
  readonly streamEnd: string;
}

/** What {@link callFromPage} is given. */
export interface PageCalls {
  readonly baseUrl: string;
  readonly protocol: PageProtocol;
  /** A job in base64, of the task type `sensor`. */
  readonly job: string;
}

/**
 * Runs in the page, which has nothing but what it imports itself.
 *
 * @throws what a call rejects with, where it should not.
 */
export async function callFromPage({ baseUrl, protocol, job }: PageCalls): Promise<SeenByPage> {
  const { Code, ConnectError, createClient } = await import("@connectrpc/connect");
  const { createConnectTransport, createGrpcWebTransport } = await import("@connectrpc/connect-web");
  const { flyteidl1, flyteidl2 } = await import("@flyte-agent/idl");
  const transport =
    protocol === "gRPC-Web"
      ? createGrpcWebTransport({ baseUrl })
      : createConnectTransport({ baseUrl, useBinaryFormat: protocol === "Connect with protobuf" });

  async function errorOf(call: Promise<unknown>): Promise<string> {
    try {
      await call;
      return "no error";
    } catch (reason) {
      const error = ConnectError.from(reason);
      return `${Code[error.code]}: ${error.rawMessage}`;
    }
  }

  async function readAll(messages: AsyncIterable<unknown>): Promise<void> {
    for await (const _message of messages);
  }

  const { agents } = await createClient(flyteidl1.AgentMetadataService, transport).listAgents({});
  const taskTypes = agents.flatMap(({ supportedTaskCategories }) => supportedTaskCategories.map(({ name }) => name));
  const agent = createClient(flyteidl1.AsyncAgentService, transport);
  const connector = createClient(flyteidl2.AsyncConnectorService, transport);
  const request = {
    taskCategory: { name: "sensor", version: 0 },
    resourceMeta: Uint8Array.from(atob(job), (character) => character.charCodeAt(0)),
  };
  const one = await agent.getTask(request);
  const two = await connector.getTask(request);
  return {
    taskTypes: taskTypes.sort(),
    phases: [
      String(flyteidl1.TaskExecution_Phase[one.resource?.phase ?? 0]),
      String(flyteidl2.TaskExecution_Phase[two.resource?.phase ?? 0]),
    ],
    refusal: await errorOf(agent.createTask({})),
    streamEnd: await errorOf(readAll(agent.getTaskLogs(request))),
  };
}
