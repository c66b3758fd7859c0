import { flyteidl1 } from "@flyte-agent/idl";
import { expect, onTestFinished, test, vi } from "vitest";
import { connect, failureOf, job, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { RUNNING, QUEUED, FAILED } = flyteidl1.TaskExecution_Phase;
const taskCategory = { name: "job", version: 0 };

test.each([
  ["is unavailable", "vendor_unavailable"],
  ["has no credentials", "vendor_misconfigured"],
  ["is refused", "vendor_refused"],
  ["throws", "plugin_failed"],
  ["needs a secret", "secret_not_found"],
])(
  "a poll whose agent %s is answered with the last known phase, and the log has the code %s",
  async (trouble, code) => {
    const { port, events, scrape, logged } = await serve();
    const { agent } = connect(port);
    const request = { taskCategory, resourceMeta: job({ phase: "queued" }) };
    expect((await agent.getTask(request)).resource?.phase).toBe(QUEUED);
    events.emit("trouble", trouble);
    const { resource } = await agent.getTask(request);
    expect(resource).toMatchObject({ phase: QUEUED, logLinks: [{ name: "Console" }] });
    await logged(
      ({ message, phase, outcome }) =>
        message.startsWith("get failed; answered") && phase === "queued" && outcome === code,
    );
    expect(await scrape()).toContain('flyte_agent_substituted_phases_total{task_type="job"} 1');
  },
);

test("a job that this server has never seen is said to be running, both generations alike", async () => {
  const { port, events } = await serve();
  events.emit("trouble", "is unavailable");
  const { agent, connector } = connect(port);
  const request = { taskCategory, resourceMeta: job({}) };
  const message = "the state could not be read just now; it is read again at the next poll";
  expect((await agent.getTask(request)).resource).toMatchObject({ phase: RUNNING, message });
  expect((await connector.getTask(request)).resource).toMatchObject({ phase: RUNNING, message });
});

test("an outage may last: Flyte would never ask again about a job that it has seen running", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const request = { taskCategory, resourceMeta: job({ phase: "queued" }) };
  await agent.getTask(request);
  events.emit("trouble", "is unavailable");
  expect((await agent.getTask(request)).resource?.phase).toBe(QUEUED);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 24 * 3_600_000 });
  onTestFinished(() => void vi.useRealTimers());
  expect((await agent.getTask(request)).resource?.phase).toBe(QUEUED);
});

test("of ten thousand jobs not everything is kept: long links are not", async () => {
  const { port, events } = await serve();
  const { agent } = connect(port);
  const links = async (phase: string): Promise<number | undefined> => {
    const { resource } = await agent.getTask({ taskCategory, resourceMeta: job({ phase }) });
    return resource?.logLinks.length;
  };
  expect([await links("queued"), await links("running, with long links")]).toEqual([1, 1]);
  events.emit("trouble", "is unavailable");
  expect([await links("queued"), await links("running, with long links")]).toEqual([1, 0]);
});

test("a poll that the agent does not answer in time is answered with the last known phase", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const request = { taskCategory, resourceMeta: job({ get: "ignores its signal" }) };
  expect((await agent.getTask(request, { timeoutMs: 300 })).resource?.phase).toBe(RUNNING);
});

test("an agent whose answer is no resource is an error, not an outage", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const failure = await failureOf(agent.getTask({ taskCategory, resourceMeta: job({ phase: "no resource" }) }));
  expect(failure).toEqual({
    code: "Internal",
    message:
      "an agent must answer with queued(), running(), succeeded(), failed() or another of the SDK's results, " +
      "got an object with phase undefined [plugin_invalid]",
  });
});

test("a job that the vendor no longer knows has failed", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const resourceMeta = job({ gone: true });
  expect((await agent.getTask({ taskCategory, resourceMeta })).resource).toMatchObject({
    phase: FAILED,
    message: "job job-1 was deleted at the vendor",
  });
  await agent.deleteTask({ taskCategory, resourceMeta });
});

test("a quarantined plugin refuses creates with the reason, and its jobs keep running", async () => {
  const { port } = await serve({ plugins: ["broken-import"] });
  const { agent, connector } = connect(port);
  const broken = { name: "broken_import", version: 0 };
  const unavailable = {
    code: "Unavailable",
    message:
      'plugin "broken-import" is not available: its module threw an error while it was loaded (index.js:1:7) [plugin_unavailable]',
  };
  expect(await failureOf(agent.createTask({ template: template("broken_import") }))).toEqual(unavailable);
  expect(await failureOf(agent.deleteTask({ taskCategory: broken, resourceMeta: job({}) }))).toEqual(unavailable);
  expect((await agent.getTask({ taskCategory: broken, resourceMeta: job({}) })).resource?.phase).toBe(RUNNING);
  expect((await connector.getTask({ taskCategory: broken, resourceMeta: job({}) })).resource?.phase).toBe(RUNNING);
});

test("a create waits for its plugin while that is being loaded, until the caller's deadline", async () => {
  const { port } = await serve({ plugins: ["never-loads"], untilLoaded: false });
  const { agent } = connect(port);
  const failure = await failureOf(agent.createTask({ template: template("never_loads") }, { timeoutMs: 200 }));
  expect(failure.code).toBe("DeadlineExceeded");
  const taskCategory = { name: "never_loads", version: 0 };
  const { resource } = await agent.getTask({ taskCategory, resourceMeta: job({}) }, { timeoutMs: 200 });
  expect(resource?.phase).toBe(RUNNING);
});
