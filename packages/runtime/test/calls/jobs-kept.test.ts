import { EventEmitter, once } from "node:events";
import { create } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect, failureOf, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };

test("a poll that is repeated after the end gives outputs of the same type", async () => {
  const { port } = await serve();
  const { agent } = connect(port);
  const float = { type: { case: "simple", value: flyteidl1.SimpleType.FLOAT } } as const;
  const task = create(flyteidl1.TaskTemplateSchema, {
    type: "job",
    custom: { phase: "succeeded", answer: 3 },
    interface: { outputs: { variables: { answer: { type: float } } } },
  });
  const { resourceMeta } = await agent.createTask({ template: task });
  const poll = async () => (await agent.getTask({ taskCategory, resourceMeta })).resource?.outputs?.literals.answer;
  const first = await poll();
  expect(first).toMatchObject({ value: { value: { value: { value: { value: { case: "floatValue", value: 3 } } } } } });
  expect(await poll()).toEqual(first);
});

test("a job that Flyte cannot be given is deleted again", async () => {
  const { port, events } = await serve();
  const deleted = once(events, "delete");
  const custom = { id: "huge", padding: "x".repeat(5_000) };
  const failure = await failureOf(connect(port).agent.createTask({ template: template("job", { custom }) }));
  expect(failure).toMatchObject({ code: "Internal", message: expect.stringContaining("[job_too_large]") });
  expect((await deleted)[0]).toMatchObject({ job: { id: "huge" } });
});

test.each([
  ["links of another shape", { log_links: [null] }],
  ["outputs that are no base64", { outputs: "!" }],
  ["a phase that is no end", { phase: "running" }],
  ["custom info of another shape", { custom_info: [1] }],
])("a sync answer with %s is refused as a job", async (_, wrong) => {
  const { port } = await serve();
  const right = { flyte_agent_sync_answer: 1, phase: "succeeded", message: "", log_links: [], outputs: null };
  const job = { ...right, custom_info: null, error_code: "", ...wrong };
  const resourceMeta = Buffer.from(JSON.stringify(job));
  const failure = await failureOf(
    connect(port).agent.getTask({ taskCategory: { name: "echo", version: 0 }, resourceMeta }),
  );
  expect(failure).toMatchObject({ code: "InvalidArgument", message: expect.stringContaining("[invalid_job]") });
});

test("a create whose caller was told that it came too late does not run when its plugin is there", async () => {
  const events = new EventEmitter();
  const config = { "loads-slowly": { events } };
  const { port, server } = await serve({ plugins: ["loads-slowly"], config, untilLoaded: false });
  let creates = 0;
  events.on("create", () => {
    creates += 1;
  });
  const { agent } = connect(port);
  const failure = await failureOf(agent.createTask({ template: template("slow") }, { timeoutMs: 150 }));
  expect(failure.code).toBe("DeadlineExceeded");
  await server.pluginsStarted;
  await agent.createTask({ template: template("slow") });
  expect(creates).toBe(1);
});
