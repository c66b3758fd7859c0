import { expect, test } from "vitest";
import { connect, execution, failureOf, job, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };

test("each call is one line with task type, operation, execution, duration and outcome; good polls at debug", async () => {
  const { port, lines } = await serve();
  const { agent, connector } = connect(port);
  const before = lines.length;
  await agent.createTask({ template: template("job"), taskExecutionMetadata: execution("run-1", 3) });
  await agent.getTask({ taskCategory, resourceMeta: job({}), outputPrefix: "s3://b/0" });
  await connector.deleteTask({ taskCategory, resourceMeta: job({}) });
  const common = { task_type: "job", call: expect.stringMatching(/^[0-9a-f]{16}$/), ms: expect.any(Number) };
  const [create, get, remove, ...rest] = lines.slice(before);
  expect(create).toMatchObject({
    ...common,
    level: "info",
    message: "create",
    flyte: 1,
    execution: "p/development/run-1/n0/3",
    outcome: "ok",
  });
  expect(get).toMatchObject({
    ...common,
    level: "debug",
    message: "get",
    phase: "running",
    output_prefix: "s3://b/0",
    outcome: "ok",
  });
  expect(remove).toMatchObject({ ...common, level: "info", message: "delete", flyte: 2, outcome: "ok" });
  expect(rest).toEqual([]);
  for (const line of lines) expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("what a caller did wrong is a warning, what the server or a plugin did wrong an error", async () => {
  const { port, lines } = await serve();
  const { agent } = connect(port);
  await failureOf(agent.createTask({ template: template("no_such_type") }));
  await failureOf(agent.getTask({ taskCategory, resourceMeta: new Uint8Array() }));
  await failureOf(agent.createTask({ template: template("job", { custom: { create: "throws" } }) }));
  const outcomes = lines.filter(({ outcome }) => outcome !== undefined).map(({ level, outcome }) => [level, outcome]);
  expect(outcomes).toEqual([
    ["warn", "agent_not_found"],
    ["warn", "invalid_job"],
    ["error", "plugin_failed"],
  ]);
});

test("hostile names do not fill the log", async () => {
  const { port, lines } = await serve();
  const { agent } = connect(port);
  const long = "x".repeat(100_000);
  await failureOf(agent.createTask({ template: template(long), taskExecutionMetadata: execution(long) }));
  await agent.createTask({ template: template("job"), taskExecutionMetadata: execution(long) });
  await agent.getTask({ taskCategory, resourceMeta: job({}), outputPrefix: long });
  for (const line of lines) expect(JSON.stringify(line).length).toBeLessThan(10_000);
});

test("a call's line names the trace that its request belongs to, and no other header is taken for one", async () => {
  const { port, lines } = await serve();
  const { agent } = connect(port);
  const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
  const traces = [`00-${traceId}-00f067aa0ba902b7-01`, `00-${"0".repeat(32)}-00f067aa0ba902b7-01`, "x".repeat(1000)];
  for (const traceparent of traces)
    await agent.getTask({ taskCategory, resourceMeta: job({}) }, { headers: { traceparent } });
  await agent.getTask({ taskCategory, resourceMeta: job({}) });
  const traced = lines.filter(({ message }) => message === "get").map((line) => line.trace_id);
  expect(traced).toEqual([traceId, undefined, undefined, undefined]);
});
