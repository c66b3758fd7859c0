import { create, type JsonObject, type Message } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, type Clients, connect, failureOf, job, refusalOf, template, template2 } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };
const secrets = /hunter2|\/etc\/secrets|node_modules|packages\/|\.js:|at .*\(/;

// Field 1 has a length that reaches beyond the end of the message.
const malformed = { no: 1, wireType: 2, data: new Uint8Array([100, 1, 2, 3]) };

/** A message whose encoding cannot be decoded: an unknown field is written as it stands. */
function broken<Shape extends Message>(message: Shape): Shape {
  message.$unknown = [malformed];
  return message;
}

test("a malformed request is INTERNAL, counted and logged", async () => {
  const { port, scrape, logged } = await serve();
  const { agent, connector, runtime, metadata } = connect(port);
  for (const call of [
    () => agent.createTask(broken(create(flyteidl1.CreateTaskRequestSchema))),
    () => agent.getTask(broken(create(flyteidl1.GetTaskRequestSchema))),
    () => all(agent.getTaskLogs(broken(create(flyteidl1.GetTaskLogsRequestSchema)))),
    () => connector.getTask(broken(create(flyteidl2.GetTaskRequestSchema))),
    () => metadata.getAgent(broken(create(flyteidl1.GetAgentRequestSchema))),
  ]) {
    const { code, message } = await failureOf(call());
    expect(code).toBe("Internal");
    expect(message).not.toMatch(secrets);
  }
  await runtime.listPlugins({});
  await logged(({ method }) => method === "flyteidl.service.AsyncAgentService/GetTaskLogs");
  const metrics = await scrape();
  for (const method of [
    "flyteidl.service.AsyncAgentService/CreateTask",
    "flyteidl.service.AsyncAgentService/GetTask",
    "flyteidl.service.AsyncAgentService/GetTaskLogs",
    "flyteidl2.connector.AsyncConnectorService/GetTask",
    "flyteidl.service.AgentMetadataService/GetAgent",
  ]) {
    expect(metrics).toContain(`flyte_agent_refused_requests_total{method="${method}"} 1`);
  }
});

test.each([
  ["template", { template: broken(template("job")) }],
  [
    "task_execution_metadata",
    { template: template("job"), taskExecutionMetadata: broken(create(flyteidl1.TaskExecutionMetadataSchema)) },
  ],
])("a malformed %s is INTERNAL, named, counted and logged", async (field, request) => {
  const { port, scrape, logged } = await serve();
  expect(await failureOf(connect(port).agent.createTask(request))).toEqual({
    code: "Internal",
    message: `${field} is not a valid protobuf message: check that the caller speaks Flyte's IDL [malformed_message]`,
  });
  expect(await logged(({ message }) => message === "a request could not be read")).toMatchObject({
    method: "flyteidl.service.AsyncAgentService/CreateTask",
    reason: expect.stringContaining(field),
    error: { stack: expect.any(String) },
  });
  expect(await scrape()).toContain("flyte_agent_refused_requests_total");
});

test("malformed inputs are INTERNAL, named, counted and logged", async () => {
  const { port, scrape, lines } = await serve();
  const inputs = broken(create(flyteidl1.LiteralMapSchema));
  const { code, message } = await failureOf(connect(port).agent.createTask({ template: template("job"), inputs }));
  expect(code).toBe("Internal");
  expect(message).toMatch(/^inputs.* is not a valid protobuf message.*\[malformed_message\]$/);
  expect(lines.find((line) => line.outcome === "malformed_message")).toMatchObject({
    message: "create",
    task_type: "job",
  });
  expect(await scrape()).toContain(
    'flyte_connector_requests_failure_total{task_type="job",operation="create",error_code="500"} 1',
  );
});

test("a request without a template or task type is told which field is missing", async () => {
  const { port, scrape, logged } = await serve();
  const { agent, connector } = connect(port);
  const noTemplate = {
    code: "InvalidArgument",
    message: "the request has no task template: set the field `template` [invalid_request]",
  };
  expect(await failureOf(agent.createTask({}))).toEqual(noTemplate);
  expect(await failureOf(connector.createTask({}))).toEqual(noTemplate);
  expect(await failureOf(agent.createTask({ template: template("") }))).toEqual({
    code: "InvalidArgument",
    message: "the task template has no task type: set the field `template.type` [invalid_request]",
  });
  const noCategory = {
    code: "InvalidArgument",
    message: "the request names no task type: set the field `task_category` [invalid_request]",
  };
  for (const call of [
    () => agent.getTask({ resourceMeta: job({}) }),
    () => agent.deleteTask({ resourceMeta: job({}) }),
    () => agent.getTaskMetrics({ resourceMeta: job({}) }),
    () => all(agent.getTaskLogs({ resourceMeta: job({}) })),
    () => connector.getTask({ resourceMeta: job({}) }),
    () => connector.deleteTask({ resourceMeta: job({}) }),
  ]) {
    expect(await failureOf(call())).toEqual(noCategory);
  }
  await logged(({ reason }) => String(reason).includes("names no task type"));
  expect(await scrape()).toContain(
    'flyte_agent_refused_requests_total{method="flyteidl.service.AsyncAgentService/CreateTask"} 2',
  );
});

test("an input that the task declares and the call lacks is refused at create", async () => {
  const { port } = await serve();
  const clients = connect(port);
  for (const creating of [
    clients.agent.createTask({ template: template("job", { inputs: ["x"] }) }),
    clients.connector.createTask({ template: template2("job", { inputs: ["x"] }) }),
  ]) {
    const { code, message } = await refusalOf(clients, "job", creating);
    expect(code).toBe("Failed");
    expect(message).toMatch(/^input "x": .* \[invalid_input\]$/);
  }
});

test("an unknown task type is NOT_FOUND and told what is served, however long it is", async () => {
  const { port } = await serve();
  const { agent, connector } = connect(port);
  const unknown = { name: "no_such_type", version: 3 };
  const message =
    "no agent serves task type no_such_type@3; served here: awaited@0, echo@0, job@0, job@1, observed@0. " +
    "Install the plugin of this task type and restart the agent server [agent_not_found]";
  for (const call of [
    () => agent.createTask({ template: template("no_such_type", { version: 3 }) }),
    () => agent.getTask({ taskCategory: unknown, resourceMeta: job({}) }),
    () => agent.deleteTask({ taskCategory: unknown, resourceMeta: job({}) }),
    () => agent.getTaskMetrics({ taskCategory: unknown, resourceMeta: job({}) }),
    () => all(agent.getTaskLogs({ taskCategory: unknown, resourceMeta: job({}) })),
    () => connector.createTask({ template: template2("no_such_type", { version: 3 }) }),
    () => connector.getTask({ taskCategory: unknown, resourceMeta: job({}) }),
    () => connector.deleteTask({ taskCategory: unknown, resourceMeta: job({}) }),
  ]) {
    expect(await failureOf(call())).toEqual({ code: "NotFound", message });
  }
  const long = { name: "x".repeat(100_000), version: 0 };
  expect((await failureOf(agent.getTask({ taskCategory: long }))).message.length).toBeLessThan(500);
});

const badJobs: readonly [string, Uint8Array][] = [
  ["no bytes", new Uint8Array()],
  ["garbage", Buffer.from([0xff, 0xfe, 0x00, 0x01])],
  ["JSON that is no object", Buffer.from("[1]")],
  ["a job of another type", Buffer.from('{"query_id":"7"}')],
  ["a pickle", Buffer.from([0x80, 0x04, 0x95, 0x10, 0x00, 0x2e])],
];
const operations: readonly [string, (clients: Clients, resourceMeta: Uint8Array) => Promise<unknown>][] = [
  ["get", ({ agent }, resourceMeta) => agent.getTask({ taskCategory, resourceMeta })],
  ["get of Flyte 2", ({ connector }, resourceMeta) => connector.getTask({ taskCategory, resourceMeta })],
  ["metrics", ({ agent }, resourceMeta) => agent.getTaskMetrics({ taskCategory: { name: "observed" }, resourceMeta })],
  ["logs", ({ agent }, resourceMeta) => all(agent.getTaskLogs({ taskCategory: { name: "observed" }, resourceMeta }))],
];

test.each(badJobs)(
  "a job that is %s is refused by get, metrics and logs, and forgotten by delete",
  async (_, bytes) => {
    const { port, events, logged } = await serve();
    const clients = connect(port);
    const deleted: unknown[] = [];
    events.on("delete", (details) => deleted.push(details));
    for (const [, call] of operations) {
      const { code, message } = await failureOf(call(clients, bytes));
      expect(code).toBe("InvalidArgument");
      expect(message).toMatch(/^resource_meta .*\[invalid_job\]$/);
      expect(message).not.toMatch(secrets);
    }
    await clients.agent.deleteTask({ taskCategory, resourceMeta: bytes });
    await clients.connector.deleteTask({ taskCategory, resourceMeta: bytes });
    await logged(({ message }) => message === "delete of a job that cannot be read was answered as done");
    expect(deleted).toEqual([]);
  },
);

test("a job of a newer release is read: unknown keys are ignored", async () => {
  const { port } = await serve();
  const { resource } = await connect(port).agent.getTask({ taskCategory, resourceMeta: job({ added_later: [1] }) });
  expect(resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
});

test("a job that is larger than allowed is refused at create", async () => {
  const { port } = await serve();
  const { code, message } = await failureOf(
    connect(port).agent.createTask({ template: template("job", { custom: { filler: "x".repeat(5000) } }) }),
  );
  expect(code).toBe("Internal");
  expect(message).toMatch(/^the job is \d+ bytes, at most 4096 are allowed: .*\[job_too_large\]$/);
});

const troubles: readonly [string, JsonObject, string, RegExp][] = [
  [
    "throws",
    { create: "throws" },
    "Internal",
    /^create of task type "job" failed unexpectedly; the agent server's log has the details under call [0-9a-f]{16} \[plugin_failed\]$/,
  ],
  [
    "cannot reach its vendor",
    { create: "is unavailable" },
    "Unavailable",
    /^the vendor answered 503: try again later \[vendor_unavailable\]$/,
  ],
  [
    "has no credentials",
    { create: "has no credentials" },
    "FailedPrecondition",
    /^the vendor refused the credentials: the operator should renew the token \[vendor_misconfigured\]$/,
  ],
  [
    "lacks a secret",
    { create: "needs a secret" },
    "FailedPrecondition",
    /^secret "vendor_token" was not found in the call's connection \(Flyte 2\), .*\[secret_not_found\]$/,
  ],
];

test.each(troubles)("an agent that %s is told so without a secret", async (_name, custom, code, message) => {
  const { port, lines } = await serve();
  const { agent, connector } = connect(port);
  for (const call of [
    () => agent.createTask({ template: template("job", { custom }) }),
    () => connector.createTask({ template: template2("job", { custom }) }),
  ]) {
    const failure = await failureOf(call());
    expect(failure.code).toBe(code);
    expect(failure.message).toMatch(message);
    expect(failure.message).not.toMatch(/hunter2/);
  }
  const line = lines.find((logged) => logged.message === "create" && logged.outcome !== "ok");
  expect(line).toMatchObject({ task_type: "job", reason: expect.any(String) });
});

test("what an agent threw stands in the log under the call that the caller was told", async () => {
  const { port, lines } = await serve();
  const failure = await failureOf(
    connect(port).agent.createTask({ template: template("job", { custom: { create: "throws" } }) }),
  );
  const callId = /under call ([0-9a-f]{16})/.exec(failure.message)?.[1];
  const line = lines.find(({ call, outcome }) => call === callId && outcome === "plugin_failed");
  expect(JSON.stringify(line)).toContain("cannot read token hunter2-in-/etc/secrets/token");
});
