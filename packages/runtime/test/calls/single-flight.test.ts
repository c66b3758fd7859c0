import { once } from "node:events";
import { expect, test } from "vitest";
import { connect, execution, failureOf, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

function request(name: string, attempt = 0, outputPrefix = `s3://bucket/${name}/n0/${attempt}`) {
  return {
    template: template("job", { custom: { id: name, create: "waits" } }),
    taskExecutionMetadata: execution(name, attempt),
    outputPrefix,
  };
}

test("equal creates of one attempt share one call of the agent", async () => {
  const { port, events, server } = await serve();
  const { agent } = connect(port);
  const keys: string[] = [];
  events.on("create", ({ context }) => keys.push(context.idempotencyKey));
  const waiting = once(events, "waiting");
  const calls = [agent.createTask(request("run-1")), agent.createTask(request("run-1"))];
  await waiting;
  // A third over another connection, while the first is under way.
  calls.push(connect(port).agent.createTask(request("run-1")));
  const other = once(events, "waiting");
  const another = agent.createTask(request("run-1", 1));
  await other;
  await expect.poll(() => server.openCallCount).toBe(4);
  events.emit("go on");
  const answers = await Promise.all(calls);
  await another;
  expect(new Set(answers.map(({ resourceMeta }) => Buffer.from(resourceMeta).toString())).size).toBe(1);
  expect(keys).toHaveLength(2);
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
});

test("the key is the same for each repetition of an attempt, and differs for another task of a map node", async () => {
  const keys: string[] = [];
  // Another server knows nothing of what the first one did.
  const [one, other] = [await serve(), await serve()];
  for (const { events } of [one, other]) events.on("create", ({ context }) => keys.push(context.idempotencyKey));
  const task = { ...request("run-2"), template: template("job") };
  await connect(one.port).agent.createTask(task);
  await connect(other.port).agent.createTask(task);
  await connect(one.port).agent.createTask({ ...task, outputPrefix: "s3://bucket/run-2/n0/1/0" });
  expect(keys[0]).toBe(keys[1]);
  expect(keys[2]).not.toBe(keys[0]);
});

test("a create that is repeated after its answer finds the job, until it is deleted", async () => {
  const { port, events, logged } = await serve();
  const { agent } = connect(port);
  const creates: unknown[] = [];
  events.on("create", ({ context }) => creates.push(context.execution.attempt));
  const create = (attempt: number) =>
    agent.createTask({ ...request("run-7", attempt), template: template("job", { custom: { id: "seven" } }) });
  const { resourceMeta } = await create(0);
  await create(0);
  await logged(({ message }) => message.startsWith("the create of this attempt is repeated"));
  await create(1);
  expect(creates).toEqual([0, 1]);
  // Both attempts have equal jobs: the delete of one is taken for that of the last.
  await agent.deleteTask({ resourceMeta, taskCategory: { name: "job" } });
  await create(1);
  expect(creates).toEqual([0, 1, 1]);
});

test("a caller with more time is not given the end of a create that lived by another's deadline", async () => {
  const { port, events } = await serve();
  const task = { ...request("run-8"), template: template("job", { custom: { create: "asks a vendor that is slow" } }) };
  const waiting = once(events, "waiting");
  const hurried = failureOf(connect(port).agent.createTask(task, { timeoutMs: 400 }));
  await waiting;
  const again = once(events, "waiting");
  const patient = connect(port).agent.createTask(task, { timeoutMs: 10_000 });
  expect((await hurried).code).toBe("DeadlineExceeded");
  await again;
  events.emit("go on");
  expect((await patient).resourceMeta.length).toBeGreaterThan(0);
});

test("another task for the same attempt is run, and the log says so", async () => {
  const { port, events, logged, lines } = await serve();
  const keys = new Set<string>();
  const integer = {
    value: {
      case: "scalar",
      value: { value: { case: "primitive", value: { value: { case: "integer", value: 1n } } } },
    },
  };
  events.on("create", ({ context }) => keys.add(context.idempotencyKey));
  const create = async (custom: Record<string, string>, inputs = {}): Promise<string> => {
    const task = { ...request("run-9"), template: template("job", { custom }), inputs };
    return Buffer.from((await connect(port).agent.createTask(task)).resourceMeta).toString();
  };
  expect(await create({ id: "one", other: "x" })).toContain("one");
  // Only the order differs in which the entries of a map are written.
  expect(await create({ other: "x", id: "one" })).toContain("one");
  expect(lines.filter(({ message }) => message.startsWith("another task came"))).toEqual([]);
  expect(keys.size).toBe(1);
  expect(await create({ id: "two" })).toContain("two");
  await logged(({ message, level }) => message.startsWith("another task came") && level === "warn");
  // The agent refuses it: an input that is not declared.
  await create({ id: "two" }, { literals: { x: integer } });
  const others = lines.filter(({ message }) => message.startsWith("another task came"));
  expect([keys.size, others.length]).toEqual([2, 2]);
});

test("creates that do not say which attempt they are for are calls of their own", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const keys: string[] = [];
  events.on("create", ({ context }) => keys.push(context.idempotencyKey));
  await Promise.all([agent.createTask({ template: template("job") }), agent.createTask({ template: template("job") })]);
  expect(new Set(keys).size).toBe(2);
  for (const key of keys) expect(key).toMatch(/^[0-9a-f]{64}$/);
});

test("one of two callers going away does not cancel the other", async () => {
  const { port, events, server } = await serve();
  const cancel = new AbortController();
  const waiting = once(events, "waiting");
  const first = failureOf(connect(port).agent.createTask(request("run-3"), { signal: cancel.signal }));
  await waiting;
  const second = connect(port).agent.createTask(request("run-3"));
  await expect.poll(() => server.openCallCount).toBe(2);
  cancel.abort();
  expect((await first).code).toBe("Canceled");
  await expect.poll(() => server.openCallCount).toBe(1);
  events.emit("go on");
  expect(Buffer.from((await second).resourceMeta).toString()).toContain("run-3");
});

test("a repetition finds the create that outlived its caller, and starts no second job", async () => {
  const { port, events, server } = await serve();
  const { agent } = connect(port);
  let creates = 0;
  events.on("create", () => {
    creates += 1;
  });
  const cancel = new AbortController();
  const waiting = once(events, "waiting");
  const gone = failureOf(agent.createTask(request("run-4"), { signal: cancel.signal }));
  await waiting;
  cancel.abort();
  await gone;
  await expect.poll(() => server.openCallCount).toBe(0);
  const again = agent.createTask(request("run-4"));
  await expect.poll(() => server.openCallCount).toBe(1);
  events.emit("go on");
  expect(Buffer.from((await again).resourceMeta).toString()).toContain("run-4");
  expect(creates).toBe(1);
});

test("the job of a create that ended when nobody waited any more is kept for its repetition", async () => {
  const { port, events, server } = await serve();
  const { agent } = connect(port);
  let creates = 0;
  events.on("create", () => {
    creates += 1;
  });
  const waiting = once(events, "waiting");
  const late = failureOf(agent.createTask(request("run-6"), { timeoutMs: 300 }));
  await waiting;
  expect((await late).code).toBe("DeadlineExceeded");
  await expect.poll(() => server.openCallCount).toBe(0);
  const created = once(events, "created");
  events.emit("go on");
  await created;
  expect(Buffer.from((await agent.createTask(request("run-6"))).resourceMeta).toString()).toContain("run-6");
  expect(creates).toBe(1);
});

test("different tasks with one output prefix and no execution are different creates", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const outputPrefix = "s3://bucket/shared";
  const create = async (id: string): Promise<string> => {
    const { resourceMeta } = await agent.createTask({ template: template("job", { custom: { id } }), outputPrefix });
    return Buffer.from(resourceMeta).toString();
  };
  const jobs = await Promise.all([create("one"), create("two"), create("one")]);
  expect(jobs).toEqual(['{"id":"one"}', '{"id":"two"}', '{"id":"one"}']);
});

test("a create that failed is not remembered", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const failing = { ...request("run-5"), template: template("job", { custom: { create: "is unavailable" } }) };
  expect((await failureOf(agent.createTask(failing))).code).toBe("Unavailable");
  await agent.createTask({ ...failing, template: template("job") });
});
