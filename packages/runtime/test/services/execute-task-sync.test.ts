import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, connect, failureOf, job, template, text, textOf } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

type Request = MessageInitShape<typeof flyteidl1.ExecuteTaskSyncRequestSchema>;

const { SUCCEEDED, FAILED, RETRYABLE_FAILED } = flyteidl1.TaskExecution_Phase;
const never = (): Promise<never> => new Promise(() => {});

function header(custom = {}, type = "echo"): Request {
  return { part: { case: "header", value: { template: template(type, { custom }), outputPrefix: "s3://b/0" } } };
}
function headerOfEcho(): Request {
  const declared = template("echo", { inputs: ["x"], outputs: ["x"] });
  return { part: { case: "header", value: { template: declared } } };
}
function inputs(values: Readonly<Record<string, string>> = {}): Request {
  const literals = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, text(value)]));
  return { part: { case: "inputs", value: { literals } } };
}
async function* frames(...requests: readonly Request[]): AsyncGenerator<Request> {
  yield* requests;
}
async function* framesWithoutEnd(...requests: readonly Request[]): AsyncGenerator<Request> {
  yield* requests;
  await never();
}
function resourceOf(answer: flyteidl1.ExecuteTaskSyncResponse | undefined): flyteidl1.Resource | undefined {
  return answer?.res.case === "header" ? answer.res.value.resource : undefined;
}

test("the answer is one header with the whole resource, and the stream ends", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  const answers = await all(sync.executeTaskSync(frames(headerOfEcho(), inputs({ x: "hello" }))));
  expect(answers).toHaveLength(1);
  const resource = resourceOf(answers[0]);
  expect(resource?.phase).toBe(SUCCEEDED);
  expect(textOf(resource?.outputs?.literals.x)).toBe("hello");
});

test("a caller that never ends its side is answered, and the server ends the stream", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  const answers = await all(sync.executeTaskSync(framesWithoutEnd(headerOfEcho(), inputs({ x: "hello" }))));
  expect(answers).toHaveLength(1);
});

test("frames after the inputs are not read", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  const answers = await all(sync.executeTaskSync(frames(header(), inputs(), inputs({ x: "late" }), header())));
  expect(answers).toHaveLength(1);
});

test.each<[string, readonly Request[], string]>([
  ["no frame at all", [], "the stream ended without a message: send a header, then the inputs [invalid_request]"],
  ["an empty frame", [{}], "the first message must be a header, got an empty message [invalid_request]"],
  ["inputs first", [inputs(), header()], "the first message must be a header, got inputs [invalid_request]"],
  [
    "no inputs",
    [header()],
    "the stream ended after the header: send the inputs too, an empty map if there are none [invalid_request]",
  ],
  ["two headers", [header(), header()], "the second message must be the inputs, got header [invalid_request]"],
  [
    "an empty second frame",
    [header(), {}],
    "the second message must be the inputs, got an empty message [invalid_request]",
  ],
  [
    "a header without a template",
    [{ part: { case: "header", value: {} } }, inputs()],
    "the request has no task template: set the field `template` [invalid_request]",
  ],
  [
    "a template without a type",
    [header({}, ""), inputs()],
    "the task template has no task type: set the field `template.type` [invalid_request]",
  ],
])("%s is refused with a sentence", async (_name, requests, message) => {
  const { port, scrape } = await serve();
  const { sync } = connect(port);
  expect(await failureOf(all(sync.executeTaskSync(frames(...requests))))).toEqual({ code: "InvalidArgument", message });
  expect(await scrape()).toContain(
    'flyte_agent_refused_requests_total{method="flyteidl.service.SyncAgentService/ExecuteTaskSync"} 1',
  );
});

test("a caller that sends a header and then nothing is told so in time", async () => {
  const { port } = await serve({ timings: { receiveTimeoutMs: 100 } });
  const { sync } = connect(port);
  expect(await failureOf(all(sync.executeTaskSync(framesWithoutEnd(header()))))).toEqual({
    code: "InvalidArgument",
    message: "no further message came for 0.1 s: send a header, then the inputs [invalid_request]",
  });
});

test("a task type of an async agent is refused", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  expect(await failureOf(all(sync.executeTaskSync(frames(header({}, "job"), inputs()))))).toEqual({
    code: "Unimplemented",
    message:
      "task type job@0 is served by an async agent: call CreateTask instead of ExecuteTaskSync [operation_not_supported]",
  });
});

test.each(["running", "queued"])("an answer that is not an end (%s) becomes a failure", async (phase) => {
  const { port } = await serve();
  const { sync } = connect(port);
  const [answer] = await all(sync.executeTaskSync(frames(header({ phase }), inputs())));
  const resource = resourceOf(answer);
  expect(resource?.phase).toBe(FAILED);
  expect(resource?.message).toBe(
    `the sync agent answered with phase "${phase}", which is not an end: the job is ${phase}. ` +
      "Its author should answer succeeded or failed, or make it an async agent",
  );
});

test("a failure keeps its code and kind", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  const [answer] = await all(sync.executeTaskSync(frames(header({ phase: "retryable" }), inputs())));
  expect(resourceOf(answer)).toMatchObject({
    phase: RETRYABLE_FAILED,
    agentError: { code: "Preempted", kind: flyteidl1.AgentError_Kind.RECOVERABLE },
  });
});

test("an answer that is no resource is refused, and not as an outage", async () => {
  const { port } = await serve();
  const { sync } = connect(port);
  for (const phase of ["no resource", "nothing"]) {
    const { code, message } = await failureOf(all(sync.executeTaskSync(frames(header({ phase }), inputs()))));
    expect(code).toBe("Internal");
    expect(message).toMatch(/an agent must answer with queued\(\), running\(\), succeeded\(\).* \[plugin_invalid\]$/);
  }
});

test("a sync task type is served through create, get and delete of Flyte 1 too", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const taskCategory = { name: "echo", version: 0 };
  const { resourceMeta } = await agent.createTask({
    template: template("echo", { inputs: ["x"], outputs: ["x"] }),
    inputs: { literals: { x: text("hi") } },
  });
  const { resource } = await agent.getTask({ resourceMeta, taskCategory });
  expect(resource?.phase).toBe(SUCCEEDED);
  expect(textOf(resource?.outputs?.literals.x)).toBe("hi");
  await agent.deleteTask({ resourceMeta, taskCategory });
});

test("a failed sync task keeps its code through create and get", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resourceMeta } = await agent.createTask({ template: template("echo", { custom: { phase: "failed" } }) });
  const { resource } = await agent.getTask({ resourceMeta, taskCategory: { name: "echo", version: 0 } });
  expect(resource).toMatchObject({
    phase: FAILED,
    message: "the query has a syntax error at line 3",
    customInfo: { id: "echo-1", creates: 0 },
    logLinks: [{ name: "Console", uri: "https://vendor.example/jobs/echo-1" }],
    agentError: { code: "SyntaxError" },
  });
});

test("a malformed frame is INTERNAL, counted and logged", async () => {
  const { port, scrape, logged } = await serve();
  const { transport } = connect(port);
  // The same method with a request that says nothing of what its bytes are.
  const method = { ...flyteidl1.SyncAgentService.method.executeTaskSync, input: flyteidl1.GetTaskRequestSchema };
  const bytes = create(flyteidl1.GetTaskRequestSchema, { taskType: "\u0001\u0001" });
  expect(toBinary(flyteidl1.GetTaskRequestSchema, bytes)).toEqual(new Uint8Array([10, 2, 1, 1]));
  const answer = await transport.stream(
    method,
    undefined,
    undefined,
    undefined,
    (async function* () {
      yield bytes;
    })(),
  );
  expect(await failureOf(all(answer.message))).toMatchObject({ code: "Internal" });
  expect((await logged(({ message }) => message === "a request could not be read")).method).toBe(
    "flyteidl.service.SyncAgentService/ExecuteTaskSync",
  );
  expect(await scrape()).toContain("flyte_agent_refused_requests_total");
});

test("a job of an async agent is not run by a sync one", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  expect(
    await failureOf(agent.getTask({ resourceMeta: job({}), taskCategory: { name: "echo", version: 0 } })),
  ).toMatchObject({ code: "InvalidArgument" });
});
