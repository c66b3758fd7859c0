import { Agent, request as httpRequest } from "node:http";
import { toBinary } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, clientsOf, failureOf, job, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };

async function post(port: number, path: string, body: unknown) {
  const answer = await fetch(`http://127.0.0.1:${port}/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const parsed: unknown = await answer.json();
  return { status: answer.status, body: parsed };
}

test("curl lists agents as JSON, of both generations", async () => {
  const { port } = await serve();
  const one = await post(port, "flyteidl.service.AgentMetadataService/ListAgents", {});
  expect(one.status).toBe(200);
  const echo = {
    name: "Echo Agent",
    supportedTaskTypes: ["echo"],
    isSync: true,
    supportedTaskCategories: [{ name: "echo" }],
  };
  expect(one.body).toMatchObject({ agents: expect.arrayContaining([echo]) });
  const two = await post(port, "flyteidl2.connector.ConnectorMetadataService/ListConnectors", {});
  const connector = { name: "Echo Agent", supportedTaskCategories: [{ name: "echo" }] };
  expect(two.body).toMatchObject({ connectors: expect.arrayContaining([connector]) });
});

test("a job goes through its life in JSON, nested inputs included", async () => {
  const { port, events } = await serve();
  const seen: { task: { inputs: object; custom: object } }[] = [];
  events.on("create", (details) => seen.push(details));
  const type = { type: { simple: "INTEGER" } };
  const primitive = (integer: string) => ({ scalar: { primitive: { integer } } });
  const created = await post(port, "flyteidl.service.AsyncAgentService/CreateTask", {
    template: {
      type: "job",
      custom: { id: "j", nested: { list: [1, { deep: true }] } },
      interface: {
        inputs: {
          variables: {
            list: { type: { collectionType: type.type } },
            map: { type: { mapValueType: { collectionType: type.type } } },
          },
        },
      },
    },
    inputs: {
      literals: {
        list: { collection: { literals: [primitive("1"), primitive("2")] } },
        map: { map: { literals: { a: { collection: { literals: [primitive("3")] } } } } },
      },
    },
    unknownField: "ignored",
  });
  expect(created.status).toBe(200);
  expect(seen[0]?.task.inputs).toEqual({ list: [1, 2], map: { a: [3] } });
  expect(seen[0]?.task.custom).toMatchObject({ nested: { list: [1, { deep: true }] } });
  const { resourceMeta } = created.body as { resourceMeta: string }; // what CreateTask answers
  const got = await post(port, "flyteidl.service.AsyncAgentService/GetTask", { taskCategory, resourceMeta });
  expect(got.body).toMatchObject({ resource: { phase: "RUNNING", customInfo: { creates: 1 } } });
  const got2 = await post(port, "flyteidl2.connector.AsyncConnectorService/GetTask", { taskCategory, resourceMeta });
  expect(got2.body).toMatchObject({
    resource: { phase: "RUNNING", logLinks: [{ linkType: "DASHBOARD", ready: true }] },
  });
  expect(await post(port, "flyteidl.service.AsyncAgentService/DeleteTask", { taskCategory, resourceMeta })).toEqual({
    status: 200,
    body: {},
  });
});

test("Flyte 2's list of inputs is read from JSON too", async () => {
  const { port } = await serve();
  const created = await post(port, "flyteidl2.connector.AsyncConnectorService/CreateTask", {
    template: {
      type: "echo",
      interface: { inputs: { variables: [{ key: "x", value: { type: { simple: "STRING" } } }] } },
    },
    inputs: { literals: [{ name: "x", value: { scalar: { primitive: { stringValue: "hi" } } } }] },
  });
  expect(created.status).toBe(200);
});

test("errors are JSON with Connect's code and the same sentence", async () => {
  const { port } = await serve();
  expect(await post(port, "flyteidl.service.AsyncAgentService/CreateTask", {})).toEqual({
    status: 400,
    body: {
      code: "invalid_argument",
      message: "the request has no task template: set the field `template` [invalid_request]",
    },
  });
  const malformed = await post(port, "flyteidl.service.AsyncAgentService/CreateTask", "{");
  expect(malformed).toMatchObject({ status: 400, body: { code: "invalid_argument" } });
  expect(malformed.body).toMatchObject({ message: expect.stringMatching(/JSON/) });
  const mistyped = await post(port, "flyteidl.service.AsyncAgentService/GetTask", { resourceMeta: 7 });
  expect(mistyped.body).toMatchObject({ message: expect.stringContaining("resource_meta") });
});

test("an unknown path is 404 with a sentence, and not a metric", async () => {
  const { port, scrape } = await serve();
  const answer = await fetch(`http://127.0.0.1:${port}/flyteidl.service.Nothing/AtAll`, {
    headers: { connection: "close" },
  });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe(
    "not found: this port serves gRPC, gRPC-Web and Connect; see the server's reflection for its services\n",
  );
  expect(await scrape()).not.toContain("AtAll");
});

test.each([
  ["1.1", { httpVersion: "1.1", nodeOptions: { agent: new Agent({ keepAlive: false }) } }],
  ["2", { httpVersion: "2" }],
] as const)("gRPC-Web and Connect work over HTTP/%s", async (_version, http) => {
  const { port } = await serve();
  const options = { baseUrl: `http://127.0.0.1:${port}`, ...http };
  for (const transport of [
    createGrpcWebTransport(options),
    createGrpcWebTransport({ ...options, useBinaryFormat: false }),
    createConnectTransport(options),
    createConnectTransport({ ...options, useBinaryFormat: true }),
  ]) {
    const { agent } = clientsOf(transport);
    const { resourceMeta } = await agent.createTask({ template: template("job") });
    const { resource } = await agent.getTask({ taskCategory, resourceMeta });
    expect(resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
    const observed = { taskCategory: { name: "observed", version: 0 }, resourceMeta: job({}) };
    expect(await all(agent.getTaskLogs(observed))).toHaveLength(2);
    expect((await failureOf(agent.createTask({}))).message).toContain("[invalid_request]");
  }
});

test("an unknown service is UNIMPLEMENTED to clients of each protocol", async () => {
  const { port } = await serve();
  const baseUrl = `http://127.0.0.1:${port}`;
  const known = flyteidl1.AgentMetadataService;
  const parent = { ...known, typeName: "flyteidl.service.Nothing" };
  const unknown = { ...known, methods: known.methods.map((method) => ({ ...method, parent })) };
  for (const transport of [
    createGrpcWebTransport({ baseUrl, httpVersion: "1.1", nodeOptions: { agent: new Agent({ keepAlive: false }) } }),
    createGrpcWebTransport({ baseUrl, httpVersion: "2" }),
    createConnectTransport({ baseUrl, httpVersion: "2" }),
    createGrpcTransport({ baseUrl }),
  ]) {
    expect(await failureOf(createClient(unknown, transport).listAgents({}))).toMatchObject({ code: "Unimplemented" });
  }
  // Other clients insist on the type of their protocol.
  const headers = { "content-type": "application/grpc-web+proto", connection: "close" };
  const answer = await fetch(`${baseUrl}/flyteidl.service.Nothing/AtAll`, { method: "POST", headers });
  expect(answer.headers.get("content-type")).toBe("application/grpc-web");
});

test("a message over the limit is RESOURCE_EXHAUSTED", async () => {
  const { port, scrape } = await serve({ server: { maxMessageBytes: 10_000 } });
  const answer = await post(port, "flyteidl.service.AsyncAgentService/CreateTask", {
    outputPrefix: "x".repeat(20_000),
  });
  expect(answer).toMatchObject({ status: 429, body: { code: "resource_exhausted" } });
  expect(answer.body).toMatchObject({ message: expect.stringMatching(/10000/) });
  expect(await scrape()).toContain(
    'flyte_agent_refused_requests_total{method="flyteidl.service.AsyncAgentService/CreateTask"} 1',
  );
});

test("a connection is used again for the next request", async () => {
  const { port } = await serve();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  for (let count = 0; count < 3; count += 1) {
    await new Promise<void>((resolve, reject) => {
      const request = httpRequest(
        { port, host: "127.0.0.1", agent, method: "POST", path: "/flyteidl.service.AsyncAgentService/GetTask" },
        (response) => {
          sockets.add(response.socket);
          response.resume();
          response.on("end", () => (response.statusCode === 200 ? resolve() : reject(new Error("not answered"))));
        },
      );
      request.setHeader("content-type", "application/proto");
      request.end(
        toBinary(flyteidl1.GetTaskRequestSchema, {
          $typeName: "flyteidl.admin.GetTaskRequest",
          taskType: "job",
          resourceMeta: job({}),
          outputPrefix: "",
        }),
      );
      request.on("error", reject);
    });
  }
  expect(sockets.size).toBe(1);
  agent.destroy();
});
