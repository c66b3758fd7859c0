import { flyteidl1 } from "@flyte-agent/idl";
import { encodedConnection } from "../harness/encoded-connection.ts";
import { under } from "./facts.ts";
import { blob, enumOf, listOf, mapOf, simple, types, unionOf } from "./flyte-types.ts";
import { forEachError, oneCall, onlyOf, type TwinCase } from "./twin-case.ts";
import { aboutJob, encode, jobBytes, outputPrefix, type TwinTask, type TypeInit, twinTask } from "./twin-task.ts";

const { SimpleType } = flyteidl1;

const phases = [
  "undefined",
  "queued",
  "waiting for resources",
  "initializing",
  "running",
  "running without message",
  "succeeded",
  "aborted",
  "failed",
  "failed in lines",
  "failed at length",
  "retryable failed",
] as const;

const details = [
  "written to a file",
  "links",
  "links of other kinds",
  "custom info",
  "empty custom info",
  "failed with everything",
  "running with outputs",
  "failed with outputs",
] as const;

/** Values that speak for themselves, with the type that a task would declare. */
const plainOutputs: Readonly<Record<string, TypeInit>> = {
  text: types.string,
  "empty text": types.string,
  integer: types.integer,
  "largest integer": types.integer,
  "smallest integer": types.integer,
  float: types.float,
  "whole float": types.float,
  "tiny float": types.float,
  infinity: types.float,
  "not a number": types.float,
  true: types.boolean,
  false: types.boolean,
  none: types.none,
  time: types.datetime,
  "time before 1970": types.datetime,
  duration: types.duration,
  "negative duration": types.duration,
  structure: types.struct,
  "empty structure": types.struct,
  list: listOf(types.integer),
  file: blob(0),
  "file with format": blob(0, "csv"),
  folder: blob(1),
  table: types.table,
};

/** Values that flytekit's twin converts by a declared type; flyte-sdk has no way to say one. */
const typedOutputs: Readonly<Record<string, TypeInit>> = {
  "typed list": listOf(types.integer),
  "empty typed list": listOf(types.integer),
  "nested list": listOf(listOf(types.string)),
  "typed map": mapOf(types.float),
  "whole number for a float": types.float,
  "union of text": unionOf(simple(SimpleType.INTEGER, "int"), simple(SimpleType.STRING, "str")),
  "union of none": unionOf(simple(SimpleType.INTEGER, "int"), simple(SimpleType.NONE, "none")),
  enum: enumOf("red", "green"),
};

/** GetTask: every phase, what goes with it, every kind of output, errors, and requests that are wrong. */
export const getCases: readonly TwinCase[] = [
  ...phases.map((phase) => polled(`get/phase: ${phase}`, { scenario: phase })),
  ...details.map((detail) => polled(`get/${detail}`, { scenario: detail })),
  ...forEachError((kind) => polled(`get/error: ${kind}`, { scenario: `raise get ${kind}` })),
  ...Object.entries(plainOutputs).map(([name, type]) => polled(`get/output: ${name}`, output(name, type))),
  ...Object.entries(typedOutputs).map(([name, type]) => onlyOf("1", polled(`get/output: ${name}`, output(name, type)))),
  polled("get/two outputs", {
    scenario: "two outputs",
    outputTypes: { zebra: types.integer, ant: types.string },
  }),
  polled("get/an output that is not declared", { scenario: "output text", outputTypes: {} }),
  polled("get/an output that is missing", {
    scenario: "output text",
    outputTypes: { o: types.string, p: types.string },
  }),
  polled("get/an output of another type", { scenario: "output text", outputTypes: { o: types.integer } }),
  polled("get/an answer over 4 MiB", { scenario: "large", outputTypes: { o: types.string } }),

  oneCall("get/of another version", (client) =>
    client.get({ ...aboutJob(jobBytes("running"), { version: 2 }), outputPrefix }),
  ),
  oneCall("get/output of a job of elsewhere", (client) => client.get(aboutJob(jobBytes("output integer")))),
  oneCall("get/without output prefix", (client) => client.get(aboutJob(jobBytes("running")))),
  oneCall("get/unknown task type", (client) => client.get(aboutJob(jobBytes("running"), { type: "twin_unknown" }))),
  oneCall("get/unknown version", (client) => client.get(aboutJob(jobBytes("running"), { version: 1 }))),
  oneCall("get/without category", (client) => client.get({ resourceMeta: jobBytes("running") })),
  onlyOf(
    "1",
    oneCall("get/deprecated task type alone", (client) =>
      client.get({ resourceMeta: jobBytes("running"), taskType: "twin" }),
    ),
  ),
  onlyOf(
    "1",
    oneCall("get/category against the deprecated task type", (client) =>
      client.get({ ...aboutJob(jobBytes("running")), taskType: "twin_unknown" }),
    ),
  ),
  oneCall("get/empty request", (client) => client.get({})),
  ...badJobs().map(([name, job]) => oneCall(`get/job: ${name}`, (client) => client.get(aboutJob(job)))),
  onlyOf(
    "1",
    oneCall("get/of a sync task type", (client) => client.get(aboutJob(jobBytes("x"), { type: "twin_sync" }))),
  ),
  onlyOf("1", polled("get/of a sync task type that was created", { scenario: "failed", type: "twin_sync" })),
  onlyOf(
    "2",
    oneCall("get/a setting named like a secret", (client) =>
      client.get({
        ...aboutJob(jobBytes("connection")),
        connection: encodedConnection({ configs: { token: "setting" }, secrets: { token: "secret" } }),
      }),
    ),
  ),
  onlyOf(
    "2",
    oneCall("get/sees the connection", (client) =>
      client.get({
        ...aboutJob(jobBytes("connection")),
        connection: encodedConnection({ configs: { region: "eu" }, secrets: { token: "s" } }),
      }),
    ),
  ),
];

/** Jobs that the twin did not write. */
export function badJobs(): readonly (readonly [name: string, job: Uint8Array])[] {
  return [
    ["empty", new Uint8Array()],
    ["no JSON", encode("job-1")],
    ["no UTF-8", new Uint8Array([0x7b, 0xff, 0x7d])],
    ["a list", encode("[]")],
    ["null", encode("null")],
    ["a pickle", new Uint8Array([0x80, 5, 0x95, 1, 2, 3])],
    ["a field is missing", encode('{"scenario": "running"}')],
    ["a field with default is missing", encode('{"scenario": "running", "job_id": "job-1"}')],
    ["an unknown field", encode('{"scenario": "running", "job_id": "job-1", "newer": 1}')],
    ["a field of another type", encode('{"scenario": "running", "job_id": 1}')],
    ["a field twice", encode('{"scenario": "failed", "job_id": "job-1", "scenario": "running"}')],
    ["white space", encode(' { "scenario" : "running",\n"job_id" : "job-1" } ')],
    ["a byte order mark", encode('\ufeff{"scenario": "running", "job_id": "job-1"}')],
  ];
}

function output(name: string, type: TypeInit): TwinTask {
  return { scenario: `output ${name}`, outputTypes: { o: type } };
}

function polled(name: string, task: TwinTask): TwinCase {
  return {
    name,
    async ask(client) {
      const created = await client.create(twinTask(task));
      if (created.facts.rpc !== "OK") return under("create", created.facts);
      return (await client.get({ ...aboutJob(created.job, task), outputPrefix })).facts;
    },
  };
}
