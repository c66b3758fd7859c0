import { badJobs } from "./get-cases.ts";
import { forEachError, oneCall, onlyOf, type TwinCase } from "./twin-case.ts";
import { aboutJob, jobBytes } from "./twin-task.ts";

/** DeleteTask. */
export const deleteCases: readonly TwinCase[] = [
  oneCall("delete/a job", (client) => client.delete(aboutJob(jobBytes("running")))),
  oneCall("delete/a finished job", (client) => client.delete(aboutJob(jobBytes("succeeded")))),
  oneCall("delete/a job that the vendor does not know", (client) =>
    client.delete(aboutJob(jobBytes("vendor", "never-started"))),
  ),
  ...forEachError((kind) =>
    oneCall(`delete/error: ${kind}`, (client) => client.delete(aboutJob(jobBytes(`raise delete ${kind}`)))),
  ),
  oneCall("delete/unknown task type", (client) =>
    client.delete(aboutJob(jobBytes("running"), { type: "twin_unknown" })),
  ),
  oneCall("delete/unknown version", (client) => client.delete(aboutJob(jobBytes("running"), { version: 1 }))),
  oneCall("delete/without category", (client) => client.delete({ resourceMeta: jobBytes("running") })),
  onlyOf(
    "1",
    oneCall("delete/deprecated task type alone", (client) =>
      client.delete({ resourceMeta: jobBytes("running"), taskType: "twin" }),
    ),
  ),
  oneCall("delete/empty request", (client) => client.delete({})),
  ...badJobs().map(([name, job]) => oneCall(`delete/job: ${name}`, (client) => client.delete(aboutJob(job)))),
  onlyOf(
    "1",
    oneCall("delete/of a sync task type", (client) => client.delete(aboutJob(jobBytes("x"), { type: "twin_sync" }))),
  ),
];
