import { once } from "node:events";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect, failureOf, job, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };

test("a handler that overruns the deadline is cut a little before the caller gives up, and the caller hears why", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const aborted = once(events, "aborted");
  const call = agent.createTask(
    { template: template("job", { custom: { create: "waits for signal" } }) },
    { timeoutMs: 1000 },
  );
  const failure = await failureOf(call);
  expect(failure.code).toBe("DeadlineExceeded");
  // The client's own text would be "the operation timed out".
  expect(failure.message).toMatch(
    /^the agent did not answer before the caller's deadline\. Raise the time-out .* \[deadline_exceeded\]$/,
  );
  expect((await aborted)[0]).toMatchObject({ code: "deadline_exceeded" });
});

test("a handler that ignores its signal is cut all the same", async () => {
  const { port, server } = await serve();
  const { agent } = connect(port);
  const custom = { create: "ignores its signal" };
  const failure = await failureOf(agent.createTask({ template: template("job", { custom }) }, { timeoutMs: 1000 }));
  expect(failure.message).toContain("[deadline_exceeded]");
  expect(server.openCallCount).toBe(0);
});

test("the handler knows the deadline", async () => {
  const { port, events } = await serve();
  const created = once(events, "create");
  const before = Date.now();
  await connect(port).agent.createTask({ template: template("job") }, { timeoutMs: 5_000 });
  const [{ context }] = await created;
  expect(context.deadline.getTime()).toBeGreaterThan(before + 4_000);
  expect(context.deadline.getTime()).toBeLessThan(Date.now() + 5_001);
});

test("a deadline of weeks is none", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  for (const timeout of ["9999999S", "99999999H", "99999999m"]) {
    await agent.createTask({ template: template("job") }, { headers: { "grpc-timeout": timeout } });
  }
  const answer = await fetch(`http://127.0.0.1:${port}/flyteidl.service.AsyncAgentService/CreateTask`, {
    method: "POST",
    headers: { "content-type": "application/json", "connect-timeout-ms": "9999999999" },
    body: JSON.stringify({ template: { type: "job" } }),
  });
  expect(answer.status).toBe(200);
});

test.each(["create", "get", "delete"] as const)("cancelling %s reaches the handler's signal", async (operation) => {
  const { port, events, logged } = await serve();
  const { agent } = connect(port);
  const cancel = new AbortController();
  const waiting = once(events, "waiting");
  const aborted = once(events, "aborted");
  const { signal } = cancel;
  const resourceMeta = job({ [operation]: "waits for signal" });
  const calls = {
    create: () =>
      agent.createTask({ template: template("job", { custom: { create: "waits for signal" } }) }, { signal }),
    get: () => agent.getTask({ taskCategory, resourceMeta }, { signal }),
    delete: () => agent.deleteTask({ taskCategory, resourceMeta }, { signal }),
  };
  const call = failureOf(calls[operation]());
  await waiting;
  cancel.abort();
  expect((await call).code).toBe("Canceled");
  expect((await aborted)[0]).toMatchObject({ code: "call_cancelled" });
  expect(await logged((line) => line.outcome === "call_cancelled")).toMatchObject({
    level: "info",
    message: operation,
  });
});

test("a client that cuts its connection cancels its calls", async () => {
  const { port, events, server } = await serve();
  const { agent, session } = connect(port);
  const waiting = once(events, "waiting");
  const aborted = once(events, "aborted");
  const call = failureOf(agent.createTask({ template: template("job", { custom: { create: "waits for signal" } }) }));
  await waiting;
  expect(server.openCallCount).toBe(1);
  session.abort();
  await call;
  expect((await aborted)[0]).toMatchObject({ code: "call_cancelled" });
  await expect.poll(() => server.openCallCount).toBe(0);
});

test("a cancelled HTTP/1.1 request reaches the handler's signal", async () => {
  const { port, events } = await serve();
  const cancel = new AbortController();
  const waiting = once(events, "waiting");
  const aborted = once(events, "aborted");
  const call = fetch(`http://127.0.0.1:${port}/flyteidl.service.AsyncAgentService/CreateTask`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ template: { type: "job", custom: { create: "waits for signal" } } }),
    signal: cancel.signal,
  });
  await waiting;
  cancel.abort();
  await expect(call).rejects.toThrow();
  expect((await aborted)[0]).toMatchObject({ code: "call_cancelled" });
});

test("a create that ends after its caller has gone is told in the log: its job may run without Flyte", async () => {
  const { port, events, logged } = await serve();
  const { agent } = connect(port);
  const waiting = once(events, "waiting");
  const call = failureOf(
    agent.createTask({ template: template("job", { custom: { create: "waits" } }) }, { timeoutMs: 200 }),
  );
  await waiting;
  expect((await call).code).toBe("DeadlineExceeded");
  events.emit("go on");
  expect(
    await logged(({ message }) => message.startsWith("create ended after its caller had stopped waiting")),
  ).toMatchObject({ level: "warn", task_type: "job" });
});

test("a call whose caller is there and patient is not cut", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const waiting = once(events, "waiting");
  const call = agent.getTask({ taskCategory, resourceMeta: job({ get: "waits" }) });
  await waiting;
  events.emit("go on");
  expect((await call).resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
});
