import { create } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { describe, expect, it } from "vitest";
import { connect, job, template, template2 } from "../fixtures/clients.ts";
import { type Served, serve } from "../fixtures/serve.ts";

const { SUCCEEDED, FAILED } = flyteidl1.TaskExecution_Phase;
const { FLOAT, INTEGER } = flyteidl1.SimpleType;

/** A task whose job has succeeded with `answer`, and whose declared outputs are these. */
function taskOf(taskType: string, answer: number, outputs: Readonly<Record<string, flyteidl1.SimpleType>>) {
  const variables = Object.entries(outputs).map(
    ([name, value]) => [name, { type: { type: { case: "simple", value }, metadata: { note: "long" } } }] as const,
  );
  return create(flyteidl1.TaskTemplateSchema, {
    type: taskType,
    custom: { phase: "succeeded", answer },
    interface: { outputs: { variables: Object.fromEntries(variables) } },
  });
}

async function createOn(served: Served, task: flyteidl1.TaskTemplate): Promise<Uint8Array> {
  return (await connect(served.port).agent.createTask({ template: task })).resourceMeta;
}

async function pollOn(served: Served, taskType: string, resourceMeta: Uint8Array) {
  const taskCategory = { name: taskType, version: 0 };
  const { resource } = await connect(served.port).agent.getTask({ taskCategory, resourceMeta });
  const literal = resource?.outputs?.literals.answer?.value;
  const scalar = literal?.case === "scalar" ? literal.value.value : undefined;
  const answer = scalar?.case === "primitive" ? scalar.value.value : undefined;
  return { phase: resource?.phase, message: resource?.message, answer };
}

describe("the declared types of a task's outputs", () => {
  it.each([
    [
      "a FLOAT that happens to be whole",
      { answer: FLOAT },
      { phase: SUCCEEDED, answer: { case: "floatValue", value: 3 } },
    ],
    ["an INTEGER", { answer: INTEGER }, { phase: SUCCEEDED, answer: { case: "integer", value: 3n } }],
    [
      "an output that is missing",
      { answer: FLOAT, other: FLOAT },
      { phase: FAILED, message: 'output "other": missing, the task declares it as FLOAT' },
    ],
    [
      "an output that is not declared",
      { other: FLOAT },
      { phase: FAILED, message: expect.stringContaining('"answer"') },
    ],
  ])("are known to every server: %s", async (_, outputs, expected) => {
    const one = await serve();
    const other = await serve();
    const resourceMeta = await createOn(one, taskOf("job", 3, outputs));
    expect(await pollOn(one, "job", resourceMeta)).toMatchObject(expected);
    expect(await pollOn(other, "job", resourceMeta)).toMatchObject(expected);
  });

  it("are no business of the agent", async () => {
    const served = await serve();
    const seen: unknown[] = [];
    for (const event of ["get", "delete"]) served.events.on(event, ({ job }: { job: unknown }) => seen.push(job));
    const resourceMeta = await createOn(served, taskOf("job", 3, { answer: FLOAT }));
    expect(Object.keys(JSON.parse(Buffer.from(resourceMeta).toString()))).toContain("flyte_agent_outputs");
    await pollOn(served, "job", resourceMeta);
    await connect(served.port).agent.deleteTask({ taskCategory: { name: "job", version: 0 }, resourceMeta });
    const own = { id: "job-1", phase: "succeeded", answer: 3 };
    expect(seen).toEqual([own, own]);
  });

  it("are the same bytes in whichever order they come, so that a repeated create is one job", async () => {
    const served = await serve();
    const jobs = [];
    for (const outputs of [
      { answer: FLOAT, b: INTEGER },
      { b: INTEGER, answer: FLOAT },
    ]) {
      jobs.push(await createOn(served, taskOf("job", 3, outputs)));
    }
    expect(jobs[0]).toEqual(jobs[1]);
  });

  it("are not added for a task without outputs", async () => {
    const { port } = await serve();
    const { resourceMeta } = await connect(port).agent.createTask({ template: template("job") });
    expect(JSON.parse(Buffer.from(resourceMeta).toString())).toEqual({ id: "job-1" });
  });

  it("are not added to a job that a Python connector reads, too", async () => {
    const one = await serve();
    const other = await serve();
    const resourceMeta = await createOn(one, taskOf("observed", 3, { answer: FLOAT }));
    expect(JSON.parse(Buffer.from(resourceMeta).toString())).toEqual({
      id: "observed-1",
      phase: "succeeded",
      answer: 3,
    });
    expect(await pollOn(one, "observed", resourceMeta)).toMatchObject({ answer: { case: "floatValue", value: 3 } });
    expect(await pollOn(other, "observed", resourceMeta)).toMatchObject({ answer: { case: "integer", value: 3n } });
  });

  it("are left out beyond 1 KiB, with a warning, and known where the job was created", async () => {
    const one = await serve();
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`column_number_${index}`, FLOAT]));
    const resourceMeta = await createOn(one, taskOf("job", 3, { answer: FLOAT, ...many }));
    expect(JSON.parse(Buffer.from(resourceMeta).toString())).toEqual({ id: "job-1", phase: "succeeded", answer: 3 });
    expect(await one.logged(({ message }) => message.startsWith("the declared types of the outputs"))).toMatchObject({
      level: "warn",
      task_type: "job",
      outputs: 41,
    });
    expect(await pollOn(one, "job", resourceMeta)).toMatchObject({ phase: FAILED });
  });

  it("do not count against the limit of the author's job", async () => {
    const served = await serve({ limits: { maxJobBytes: 64 } });
    const resourceMeta = await createOn(served, taskOf("job", 3, { answer: FLOAT }));
    expect(resourceMeta.byteLength).toBeGreaterThan(64);
  });

  it.each([["no base64 ü"], [7], ["AAAA"], [""]])("are looked past where they cannot be read: %j", async (types) => {
    const served = await serve();
    const resourceMeta = job({ phase: "succeeded", answer: 3, flyte_agent_outputs: types, flyte_agent_later: [1] });
    expect(await pollOn(served, "job", resourceMeta)).toMatchObject({ answer: { case: "integer", value: 3n } });
  });
});

describe("a job that is larger than the limit for writing one", () => {
  const filler = "x".repeat(100_000);

  it("is polled, and its delete reaches the agent", async () => {
    const { port, events } = await serve();
    const { connector } = connect(port);
    const deleted = new Promise((resolve) => events.once("delete", ({ job }: { job: unknown }) => resolve(job)));
    const request = { taskCategory: { name: "job", version: 0 }, resourceMeta: job({ filler }) };
    expect((await connector.getTask(request)).resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
    await connector.deleteTask(request);
    expect(await deleted).toEqual({ id: "job-1", filler });
  });

  it("may be one from before the operator lowered the limit", async () => {
    const before = await serve();
    const after = await serve({ limits: { maxJobBytes: 100 } });
    const custom = { filler: filler.slice(0, 1_000) };
    const created = await connect(before.port).connector.createTask({ template: template2("job", { custom }) });
    const { resource } = await connect(after.port).connector.getTask({
      taskCategory: { name: "job", version: 0 },
      resourceMeta: created.resourceMeta,
    });
    expect(resource?.phase).toBe(flyteidl1.TaskExecution_Phase.RUNNING);
  });
});
