import type { JsonObject } from "@bufbuild/protobuf";
import { flyteidl1, flyteidl2 } from "@flyte-agent/idl";
import { describe, expect, it } from "vitest";
import { all, connect, execution, failureOf, job, template, template2 } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { FAILED, SUCCEEDED } = flyteidl1.TaskExecution_Phase;
const taskCategory = { name: "job", version: 0 };

/** What an agent refuses for good, and what Flyte reads of it. */
const refusals: readonly [string, string, string][] = [
  [
    "refuses the task",
    "custom.url: expected an address, got a number: write it as text [invalid_task]",
    "invalid_task",
  ],
  ["refuses an input", 'input "x": expected a positive number, got -1 [invalid_input]', "invalid_input"],
  ["is refused", "the vendor does not know model m: choose another [vendor_refused]", "vendor_refused"],
  [
    "cannot write its outputs",
    'output "o": is declared as BLOB, which this vendor cannot give [invalid_output]',
    "invalid_output",
  ],
];

describe.each(refusals)("a task of an agent that %s", (create, message, code) => {
  const custom = { create };
  const failed = { phase: FAILED, message, customInfo: { code } };

  it("is a job of Flyte 1 that says FAILED at its first poll, on any replica, and can be deleted", async () => {
    const { port, events } = await serve();
    const other = await serve();
    const { agent } = connect(port);
    const { resourceMeta } = await agent.createTask({ template: template("job", { custom }) });
    for (const { resource } of [
      await agent.getTask({ taskCategory, resourceMeta }),
      await connect(other.port).agent.getTask({ taskCategory, resourceMeta }),
    ]) {
      expect(resource).toMatchObject(failed);
      // FlytePropeller drops it, and Flyte 2 has no such thing.
      expect(resource?.agentError).toBeUndefined();
    }
    events.on("delete", () => expect.unreachable("the agent knows no such job"));
    await agent.deleteTask({ taskCategory, resourceMeta });
    await agent.deleteTask({ taskCategory, resourceMeta });
  });

  it("is the same job of Flyte 2", async () => {
    const { port } = await serve();
    const { connector } = connect(port);
    const { resourceMeta } = await connector.createTask({ template: template2("job", { custom }) });
    const { resource } = await connector.getTask({ taskCategory, resourceMeta });
    expect(resource).toMatchObject({ ...failed, phase: flyteidl2.TaskExecution_Phase.FAILED });
    await connector.deleteTask({ taskCategory, resourceMeta });
  });

  it("is FAILED at once if it is executed in one call, with the code as agent_error", async () => {
    const { port } = await serve();
    const header = { template: template("echo", { custom: { do: create } }) };
    const [answer] = await all(connect(port).sync.executeTaskSync(sent(header)));
    const agentError = { code, kind: flyteidl1.AgentError_Kind.NON_RECOVERABLE };
    expect(answer?.res.value).toMatchObject({ resource: { ...failed, agentError } });
  });

  it("is a job that says FAILED if its sync agent is called through create", async () => {
    const { port } = await serve();
    const { connector, agent } = connect(port);
    const category = { name: "echo", version: 0 };
    const { resourceMeta } = await connector.createTask({ template: template2("echo", { custom: { do: create } }) });
    expect((await connector.getTask({ taskCategory: category, resourceMeta })).resource).toMatchObject({
      message,
      customInfo: { code },
    });
    const { resource } = await agent.getTask({ taskCategory: category, resourceMeta });
    expect(resource).toMatchObject(failed);
    expect(resource?.agentError).toBeUndefined();
    await connector.deleteTask({ taskCategory: category, resourceMeta });
  });
});

it("a sensor's task that is refused is a job, too", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resourceMeta } = await agent.createTask({ template: template("awaited", { inputs: ["needed"] }) });
  const { resource } = await agent.getTask({ taskCategory: { name: "awaited", version: 0 }, resourceMeta });
  expect(resource).toMatchObject({ phase: FAILED, message: expect.stringContaining('"needed"') });
});

describe.each([
  ["throws", "Internal"],
  ["is unavailable", "Unavailable"],
  ["has no credentials", "FailedPrecondition"],
  ["needs a secret", "FailedPrecondition"],
])("what is not the task's fault stays an error: an agent that %s", (behaviour, code) => {
  it(`answers ${code}`, async () => {
    const { port } = await serve();
    const { agent, sync } = connect(port);
    const creating = agent.createTask({ template: template("job", { custom: { create: behaviour } }) });
    expect(await failureOf(creating)).toMatchObject({ code });
    const doing = all(sync.executeTaskSync(sent({ template: template("echo", { custom: { do: behaviour } }) })));
    expect(await failureOf(doing)).toMatchObject({ code });
  });
});

it("a refusal is read before its plugin is asked, also if that is broken or gone", async () => {
  const { port } = await serve();
  const custom = { create: "refuses the task" };
  const { resourceMeta } = await connect(port).agent.createTask({ template: template("job", { custom }) });
  const broken = await serve({ plugins: ["broken-import"] });
  const { agent } = connect(broken.port);
  for (const name of ["broken", "job"]) {
    const request = { taskCategory: { name, version: 0 }, resourceMeta };
    expect((await agent.getTask(request)).resource).toMatchObject({
      phase: FAILED,
      customInfo: { code: "invalid_task" },
    });
    await agent.deleteTask(request);
  }
});

it("a refusal offers no metrics, and its sentence as log", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const { resourceMeta } = await agent.createTask({ template: template("observed", { inputs: ["needed"] }) });
  const request = { taskCategory: { name: "observed", version: 0 }, resourceMeta };
  expect((await agent.getTaskMetrics({ ...request, queries: ["q"] })).results).toEqual([]);
  const [page] = await all(agent.getTaskLogs(request));
  const lines = page?.part.case === "body" ? page.part.value.structuredLines : [];
  expect(lines).toMatchObject([{ message: expect.stringMatching(/needed.*\[invalid_input\]$/) }]);
});

it("a repeated create of a refused task is answered with the same job, without asking again", async () => {
  const { port, events, lines, scrape } = await serve();
  const { agent } = connect(port);
  let creates = 0;
  events.on("create", () => {
    creates += 1;
  });
  const request = {
    template: template("job", { custom: { create: "refuses the task" } }),
    taskExecutionMetadata: execution("refused"),
  };
  const first = await agent.createTask(request);
  expect((await agent.createTask(request)).resourceMeta).toEqual(first.resourceMeta);
  expect(creates).toBe(1);
  // Counted and logged once: it is the task's fault, and nobody here has to do anything about it.
  expect(await scrape()).toContain('flyte_agent_refused_tasks_total{task_type="job",code="invalid_task"} 1');
  expect(await scrape()).not.toMatch(/flyte_connector_requests_failure_total\{/);
  expect(lines.filter(({ outcome }) => outcome === "invalid_task")).toEqual([
    expect.objectContaining({
      level: "warn",
      message: "the task is refused for good; Flyte is told that it failed",
      task_type: "job",
      execution: "p/development/refused/n0/0",
      reason: "custom.url: expected an address, got a number: write it as text",
    }),
  ]);
  expect(lines.filter(({ level }) => level === "error")).toEqual([]);
});

it("a refusal shows no secret", async () => {
  const { port } = await serve({ environment: { _FSEC_VENDOR_TOKEN: "hunter2-and-more" } });
  const { connector } = connect(port);
  const custom = { create: "tells a secret" };
  const { resourceMeta } = await connector.createTask({ template: template2("job", { custom }) });
  expect(Buffer.from(resourceMeta).toString()).not.toContain("hunter2");
  const { resource } = await connector.getTask({ taskCategory, resourceMeta });
  expect(resource?.message).toBe("custom.token: is *** [invalid_task]");
});

it("a long refusal is cut in the middle of its sentence, never of its code", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const custom = { create: "refuses at length" };
  const { resourceMeta } = await agent.createTask({ template: template("job", { custom }) });
  expect(resourceMeta.byteLength).toBeLessThan(20_000);
  const { resource } = await agent.getTask({ taskCategory, resourceMeta });
  expect(resource?.message).toMatch(/^custom\.x: (語 ?)+… \[invalid_task\]$/);
});

it.each([["flyte_agent_sync_answer"], ["flyte_agent_whatever"]])(
  "an author's job has no key such as %s: those are the server's",
  async (key) => {
    const { port, events } = await serve();
    const deleted = new Promise((resolve) => events.once("delete", resolve));
    const custom = { [key]: 1 };
    const failure = await failureOf(connect(port).agent.createTask({ template: template("job", { custom }) }));
    expect(failure).toEqual({
      code: "InvalidArgument",
      message:
        `create must return a plain JSON object: job.${key} has a name that begins with flyte_agent_, which the server ` +
        "keeps for itself: choose another [invalid_job]",
    });
    // What was begun at the vendor is stopped.
    await deleted;
  },
);

describe("a job that holds its answer", () => {
  const packed: JsonObject = {
    flyte_agent_sync_answer: 1,
    phase: "failed",
    message: "custom.url: is no address [invalid_task]",
    log_links: [],
    outputs: null,
    custom_info: { code: "invalid_task" },
    error_code: "",
  };
  const bytesOf = (value: JsonObject): Uint8Array => Buffer.from(JSON.stringify(value));

  it("is read as releases write it", async () => {
    const { port } = await serve();
    const { resource } = await connect(port).agent.getTask({ taskCategory, resourceMeta: bytesOf(packed) });
    expect(resource).toMatchObject({ phase: FAILED, message: packed.message, customInfo: { code: "invalid_task" } });
  });

  it("is read with its keys in any order and with keys of newer releases", async () => {
    const { port } = await serve();
    const newer = { added: [1], ...Object.fromEntries(Object.entries({ ...packed, phase: "succeeded" }).reverse()) };
    const { resource } = await connect(port).agent.getTask({ taskCategory, resourceMeta: bytesOf(newer) });
    expect(resource?.phase).toBe(SUCCEEDED);
  });

  it("is not seen in a job of an author that only mentions it", async () => {
    const { port } = await serve();
    const resourceMeta = job({ note: '"flyte_agent_sync_answer":1', nested: packed });
    const { resource } = await connect(port).agent.getTask({ taskCategory, resourceMeta });
    expect(resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
  });
});

async function* sent(header: { readonly template: flyteidl1.TaskTemplate }) {
  yield { part: { case: "header" as const, value: header } };
  yield { part: { case: "inputs" as const, value: { literals: {} } } };
}
