import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { timestampDate } from "@bufbuild/protobuf/wkt";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, connect, execution, failureOf, job, template, text, textOf } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { RUNNING, QUEUED, INITIALIZING, SUCCEEDED, FAILED, RETRYABLE_FAILED } = flyteidl1.TaskExecution_Phase;
const taskCategory = { name: "job", version: 0 };

test("a job is created, polled to its end and deleted", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const seen: { task: { inputs: object }; context: Record<string, unknown> }[] = [];
  events.on("create", (details) => seen.push(details));
  const { resourceMeta } = await agent.createTask({
    template: template("job", { custom: { id: "a", phase: "succeeded" }, inputs: ["x"], outputs: ["answer"] }),
    inputs: { literals: { x: text("hello") } },
    outputPrefix: "s3://bucket/run/n0/data/0",
    taskExecutionMetadata: execution("run-1", 2),
  });
  expect(JSON.parse(Buffer.from(resourceMeta).toString())).toMatchObject({ id: "a", phase: "succeeded" });
  expect(seen).toHaveLength(1);
  expect(seen[0]?.task.inputs).toEqual({ x: "hello" });
  expect(seen[0]?.context).toMatchObject({
    flyte: 1,
    outputPrefix: "s3://bucket/run/n0/data/0",
    execution: {
      project: "p",
      domain: "development",
      name: "run-1",
      nodeId: "n0",
      attempt: 2,
      namespace: "p-development",
      labels: { team: "data" },
      serviceAccount: "runner",
    },
  });

  const { resource } = await agent.getTask({ resourceMeta, taskCategory, outputPrefix: "s3://bucket/run/n0/data/0" });
  expect(resource).toMatchObject({ phase: SUCCEEDED, message: "the job is succeeded" });
  expect(resource?.logLinks).toMatchObject([
    { name: "Console", uri: "https://vendor.example/jobs/a", ShowWhilePending: true },
  ]);
  expect(resource?.customInfo).toEqual({ creates: 1, id: "a" });
  expect(textOf(resource?.outputs?.literals.answer)).toBe("42");
  expect(resource?.agentError).toBeUndefined();

  await agent.deleteTask({ resourceMeta, taskCategory });
  await agent.deleteTask({ resourceMeta, taskCategory });
});

test.each([
  ["running", RUNNING],
  ["queued", QUEUED],
  ["initializing", INITIALIZING],
  ["failed", FAILED],
  ["retryable", RETRYABLE_FAILED],
])("phase %s is told by Flyte's number", async (phase, number) => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resource } = await agent.getTask({ resourceMeta: job({ phase }), taskCategory });
  expect(resource?.phase).toBe(number);
});

test("a failure carries the agent's error code and whether it may be tried again", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const failed = await agent.getTask({ resourceMeta: job({ phase: "failed" }), taskCategory });
  expect(failed.resource).toMatchObject({
    message: "the query has a syntax error at line 3",
    agentError: { code: "SyntaxError", kind: flyteidl1.AgentError_Kind.NON_RECOVERABLE },
  });
  const retryable = await agent.getTask({ resourceMeta: job({ phase: "retryable" }), taskCategory });
  expect(retryable.resource?.agentError).toMatchObject({
    code: "Preempted",
    kind: flyteidl1.AgentError_Kind.RECOVERABLE,
  });
});

test("outputs that the job wrote to a file are absent, no outputs are an empty map", async () => {
  const { port } = await serve();
  const { agent, sync } = connect(port);
  const written = await agent.getTask({ resourceMeta: job({ phase: "written to output prefix" }), taskCategory });
  expect(written.resource).toMatchObject({ phase: SUCCEEDED });
  expect(written.resource?.outputs).toBeUndefined();
  const requests: readonly MessageInitShape<typeof flyteidl1.ExecuteTaskSyncRequestSchema>[] = [
    { part: { case: "header", value: { template: template("echo") } } },
    { part: { case: "inputs", value: {} } },
  ];
  const [none] = await all(
    sync.executeTaskSync(
      (async function* () {
        yield* requests;
      })(),
    ),
  );
  const resource = none?.res.case === "header" ? none.res.value.resource : undefined;
  expect(resource?.outputs).toMatchObject({ literals: {} });
});

test("outputs of a task that declares none are left out: get cannot know that, and Flyte ignores them", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resourceMeta } = await agent.createTask({
    template: template("job", { custom: { id: "a", phase: "succeeded" } }),
    taskExecutionMetadata: execution("without-outputs"),
  });
  const { resource } = await agent.getTask({ resourceMeta, taskCategory });
  expect(resource).toMatchObject({ phase: SUCCEEDED, outputs: { literals: {} } });
});

test("the deprecated task_type is read where there is no category", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resource } = await agent.getTask({ taskType: "job", resourceMeta: job({}) });
  expect(resource?.phase).toBe(RUNNING);
  await agent.deleteTask({ taskType: "job", resourceMeta: job({}) });
});

test("the version of a task type is part of who serves it", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  await agent.createTask({ template: template("job", { version: 1 }) });
  expect(await failureOf(agent.createTask({ template: template("job", { version: 7 }) }))).toEqual({
    code: "NotFound",
    message:
      "no agent serves task type job@7; served here: awaited@0, echo@0, job@0, job@1, observed@0. " +
      "Install the plugin of this task type and restart the agent server [agent_not_found]",
  });
});

test("fields that this server does not know survive in the literals that an agent sees", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const seen: { task: { literals: ReadonlyMap<string, { $unknown?: readonly unknown[] }> } }[] = [];
  events.on("create", (details) => seen.push(details));
  const literal = create(flyteidl1.LiteralSchema, text("hello"));
  literal.$unknown = [{ no: 900, wireType: 2, data: new Uint8Array([3, 1, 2, 3]) }];
  const request = create(flyteidl1.CreateTaskRequestSchema, {
    template: template("job", { inputs: ["x"] }),
    inputs: { literals: { x: literal } },
  });
  request.$unknown = [{ no: 901, wireType: 0, data: new Uint8Array([1]) }];
  // Both survive encoding, so that the server really gets them.
  expect(
    fromBinary(flyteidl1.CreateTaskRequestSchema, toBinary(flyteidl1.CreateTaskRequestSchema, request)).$unknown,
  ).toHaveLength(1);
  await agent.createTask(request);
  expect(seen[0]?.task.literals.get("x")?.$unknown).toMatchObject([{ no: 900 }]);
});

test("metrics of a job are answered", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const asked: unknown[] = [];
  events.on("metrics", (query) => asked.push(query));
  const { results } = await agent.getTaskMetrics({
    taskCategory: { name: "observed", version: 0 },
    resourceMeta: job({}),
    queries: ["cpu", "memory"],
    startTime: { seconds: 1_700_000_000n },
    step: { seconds: 30n },
  });
  expect(results).toMatchObject([
    { metric: "cpu", data: { result: [[1, "0.5"]] } },
    { metric: "memory", data: { result: [[1, "0.5"]] } },
  ]);
  expect(asked).toEqual([
    { queries: ["cpu", "memory"], start: new Date(1_700_000_000_000), end: undefined, stepMs: 30_000 },
  ]);
});

test("logs come page by page", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const request = { taskCategory: { name: "observed", version: 0 }, resourceMeta: job({}), lines: 2n };
  const first = await all(agent.getTaskLogs(request));
  expect(first.map(({ part }) => part.case)).toEqual(["body", "header"]);
  const [body, header] = first;
  if (body?.part.case !== "body" || header?.part.case !== "header") throw new Error("unexpected parts");
  expect(body.part.value.structuredLines).toMatchObject([
    { message: "line 0", originator: flyteidl1.LogLineOriginator.USER },
    { message: "line 1", originator: flyteidl1.LogLineOriginator.SYSTEM },
  ]);
  const [line] = body.part.value.structuredLines;
  expect(line?.timestamp && timestampDate(line.timestamp)).toEqual(new Date(1_700_000_000_000));
  const last = await all(agent.getTaskLogs({ ...request, token: header.part.value.token }));
  expect(last.map(({ part }) => part.case)).toEqual(["body"]);
});

test("a page of logs larger than what gRPC clients read comes in several messages", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const parts = await all(
    agent.getTaskLogs({
      taskCategory: { name: "observed", version: 0 },
      resourceMeta: job({ width: 100_000, total: 60 }),
      lines: 60n,
    }),
  );
  const bytes = parts.map((part) => toBinary(flyteidl1.GetTaskLogsResponseSchema, part).byteLength);
  expect(Math.max(...bytes)).toBeLessThan(4 * 1024 * 1024);
  const messages = parts.flatMap(({ part }) => (part.case === "body" ? part.value.structuredLines : []));
  expect(messages).toHaveLength(60);
});

test("a log line larger than what gRPC clients read is cut with a note", async () => {
  const { port } = await serve();
  const taskCategory = { name: "observed", version: 0 };
  const resourceMeta = job({ width: 5_000_000, total: 1 });
  const parts = await all(connect(port).agent.getTaskLogs({ taskCategory, resourceMeta, lines: 1n }));
  const lines = parts.flatMap(({ part }) => (part.case === "body" ? part.value.structuredLines : []));
  expect(lines.map(({ message }) => message.slice(-32))).toEqual([expect.stringContaining("[cut here: 5000006")]);
});

test("metrics larger than what gRPC clients read are refused with a sentence", async () => {
  const { port } = await serve();
  const taskCategory = { name: "observed", version: 0 };
  const queries = Array.from({ length: 900 }, (_, index) => `${index}${"q".repeat(1000)}`);
  const { port: small } = await serve({ limits: { maxAnswerBytes: 100_000 } });
  const request = { taskCategory, resourceMeta: job({}), queries };
  expect((await connect(port).agent.getTaskMetrics(request)).results).toHaveLength(900);
  expect(await failureOf(connect(small).agent.getTaskMetrics(request))).toMatchObject({
    code: "ResourceExhausted",
    message: expect.stringContaining("ask for fewer queries or a larger step [message_too_large]"),
  });
});

test.each(["job", "awaited", "echo"])("logs and metrics of %s, which offers none, are refused", async (name) => {
  const { port } = await serve();
  const { agent } = connect(port);
  const request = { taskCategory: { name, version: 0 }, resourceMeta: job({}) };
  expect(await failureOf(agent.getTaskMetrics(request))).toMatchObject({ code: "Unimplemented" });
  const logs = await failureOf(all(agent.getTaskLogs(request)));
  expect(logs.code).toBe("Unimplemented");
  expect(logs.message).toContain(`task type "${name}"`);
  expect(logs.message).toContain("[operation_not_supported]");
});

test("a sensor is polled until it finds", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const sensor = { name: "awaited", version: 0 };
  const { resourceMeta } = await agent.createTask({ template: template("awaited", { custom: { found: true } }) });
  expect((await agent.getTask({ resourceMeta: job({}), taskCategory: sensor })).resource?.phase).toBe(RUNNING);
  expect((await agent.getTask({ resourceMeta, taskCategory: sensor })).resource?.phase).toBe(SUCCEEDED);
  await agent.deleteTask({ resourceMeta, taskCategory: sensor });
});
