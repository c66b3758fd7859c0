import { timestampDate } from "@bufbuild/protobuf/wkt";
import { flyteidl2 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, connect, failureOf, job, template2, textOf } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { RUNNING, SUCCEEDED, FAILED } = flyteidl2.TaskExecution_Phase;
const taskCategory = { name: "job", version: 0 };

function inputs(values: Readonly<Record<string, string>>) {
  return {
    literals: Object.entries(values).map(([name, stringValue]) => ({
      name,
      value: {
        value: {
          case: "scalar" as const,
          value: {
            value: {
              case: "primitive" as const,
              value: { value: { case: "stringValue" as const, value: stringValue } },
            },
          },
        },
      },
    })),
  };
}

test("a job is created, polled to its end and deleted, with the connection's secrets", async () => {
  const { port, events } = await serve();
  const { connector } = connect(port);
  const seen: { task: { inputs: object }; context: { flyte: number; configs: object; secrets: Secrets } }[] = [];
  events.on("create", (details) => seen.push(details));
  events.on("get", (details) => seen.push(details));
  events.on("delete", (details) => seen.push(details));
  const connection = { secrets: { vendor_token: "t0ken" }, configs: { region: "eu" } };
  const { resourceMeta } = await connector.createTask({
    template: template2("job", { custom: { id: "b", phase: "succeeded" }, inputs: ["x"], outputs: ["answer"] }),
    inputs: inputs({ x: "hello" }),
    taskExecutionMetadata: {
      taskExecutionId: { nodeExecutionId: { nodeId: "a0", executionId: { name: "run-2" } } },
    },
    connection,
  });
  const { resource } = await connector.getTask({ resourceMeta, taskCategory, connection });
  await connector.deleteTask({ resourceMeta, taskCategory, connection });
  expect(seen[0]?.task.inputs).toEqual({ x: "hello" });
  expect(seen).toHaveLength(3);
  for (const { context } of seen) {
    expect(context).toMatchObject({ flyte: 2, configs: { region: "eu" } });
    expect(await context.secrets.get("vendor_token")).toBe("t0ken");
  }
  expect(resource).toMatchObject({ phase: SUCCEEDED, message: "the job is succeeded", customInfo: { id: "b" } });
  expect(resource?.logLinks).toMatchObject([
    {
      name: "Console",
      ready: true,
      ShowWhilePending: true,
      linkType: flyteidl2.TaskLog_LinkType.DASHBOARD,
    },
  ]);
  expect(resource?.outputs?.literals.map(({ name, value }) => [name, textOf(value)])).toEqual([["answer", "42"]]);
});

interface Secrets {
  get(name: string): Promise<string>;
}

test("a sync agent is served through create, get and delete", async () => {
  const { port } = await serve();
  const { connector } = connect(port);
  const echo = { name: "echo", version: 0 };
  const { resourceMeta } = await connector.createTask({
    template: template2("echo", { inputs: ["x"], outputs: ["x"] }),
    inputs: inputs({ x: "hi" }),
  });
  const { resource } = await connector.getTask({ resourceMeta, taskCategory: echo });
  expect(resource?.phase).toBe(SUCCEEDED);
  expect(resource?.outputs?.literals.map(({ name, value }) => [name, textOf(value)])).toEqual([["x", "hi"]]);
  await connector.deleteTask({ resourceMeta, taskCategory: echo });
});

test("a sync answer that is too large to be stored becomes a failure with a sentence", async () => {
  const { port } = await serve();
  const { connector } = connect(port);
  const echo = { name: "echo", version: 0 };
  const { resourceMeta } = await connector.createTask({
    template: template2("echo", { inputs: ["x"], outputs: ["x"] }),
    inputs: inputs({ x: "x".repeat(200_000) }),
  });
  expect(resourceMeta.byteLength).toBeLessThan(4096);
  const { resource } = await connector.getTask({ resourceMeta, taskCategory: echo });
  expect(resource?.phase).toBe(FAILED);
  expect(resource?.message).toMatch(
    /answer is too large to be stored with the task: \d+ bytes \(outputs 200\d\d\d, custom info 0, log links 0\), at most 131072/,
  );
});

test.each([
  ["custom info", { phase: "large custom info" }, /\(outputs 0, custom info 1000013, log links 0\)/],
  ["log links", { phase: "many links" }, /\(outputs 0, custom info 0, log links \d{6}\)/],
])(
  "a sync answer with too much %s is not stored with it, and the sentence blames no other part",
  async (_, custom, parts) => {
    const { port } = await serve();
    const { connector } = connect(port);
    const { resourceMeta } = await connector.createTask({ template: template2("echo", { custom }) });
    expect(resourceMeta.byteLength).toBeLessThan(4096);
    const { resource } = await connector.getTask({ resourceMeta, taskCategory: { name: "echo", version: 0 } });
    expect(resource).toMatchObject({ phase: FAILED, message: expect.stringMatching(parts) });
  },
);

test("bytes that are no answer of a sync agent are refused at get and forgotten at delete", async () => {
  const { port } = await serve();
  const { connector } = connect(port);
  const echo = { name: "echo", version: 0 };
  for (const resourceMeta of [Buffer.from("{}"), Buffer.from([0x80, 4, 0x95]), job({})]) {
    expect(await failureOf(connector.getTask({ resourceMeta, taskCategory: echo }))).toEqual({
      code: "InvalidArgument",
      message: 'resource_meta is not an answer of the sync agent of task type "echo" [invalid_job]',
    });
    await connector.deleteTask({ resourceMeta, taskCategory: echo });
  }
});

test("metrics and logs are answered, page by page", async () => {
  const { port } = await serve();
  const { connector } = connect(port);
  const observed = { taskCategory: { name: "observed", version: 0 }, resourceMeta: job({}) };
  const { results } = await connector.getTaskMetrics({ ...observed, queries: ["cpu"] });
  expect(results).toMatchObject([{ metric: "cpu", data: { result: [[1, "0.5"]] } }]);
  const [body, header] = await all(connector.getTaskLogs(observed));
  if (body?.part.case !== "body" || header?.part.case !== "header") throw new Error("unexpected parts");
  expect(body.part.value.lines.map(({ message }) => message)).toEqual(["line 0", "line 1"]);
  const [line] = body.part.value.lines;
  expect(line?.timestamp && timestampDate(line.timestamp)).toEqual(new Date(1_700_000_000_000));
  const last = await all(connector.getTaskLogs({ ...observed, token: header.part.value.token }));
  expect(last.map(({ part }) => part.case)).toEqual(["body"]);
});

test("a job of one generation is readable by the other: a cluster may be upgraded with jobs in flight", async () => {
  const { port } = await serve();
  const { agent, connector } = connect(port);
  const { resourceMeta } = await connector.createTask({ template: template2("job", { custom: { id: "c" } }) });
  expect((await agent.getTask({ resourceMeta, taskCategory })).resource?.phase).toBe(RUNNING);
});
