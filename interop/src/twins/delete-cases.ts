import type { AgentClient } from "./agent-client.ts";
import type { Facts } from "./facts.ts";
import { badJobs } from "./get-cases.ts";
import type { TwinCase } from "./twin-case.ts";
import { aboutJob, jobBytes } from "./twin-task.ts";

const errorKinds = ["plain", "lines", "silent", "long", "user", "unavailable", "refused", "gone", "odd"] as const;

/** DeleteTask. */
export const deleteCases: readonly TwinCase[] = [
  request("delete/a job", (client) => client.delete(aboutJob(jobBytes("running")))),
  request("delete/a finished job", (client) => client.delete(aboutJob(jobBytes("succeeded")))),
  request("delete/a job that the vendor does not know", (client) =>
    client.delete(aboutJob(jobBytes("vendor", "never-started"))),
  ),
  ...errorKinds.map((kind) =>
    request(`delete/error: ${kind}`, (client) => client.delete(aboutJob(jobBytes(`raise delete ${kind}`)))),
  ),
  request("delete/unknown task type", (client) =>
    client.delete(aboutJob(jobBytes("running"), { type: "twin_unknown" })),
  ),
  request("delete/unknown version", (client) => client.delete(aboutJob(jobBytes("running"), { version: 1 }))),
  request("delete/without category", (client) => client.delete({ resourceMeta: jobBytes("running") })),
  {
    ...request("delete/deprecated task type alone", (client) =>
      client.delete({ resourceMeta: jobBytes("running"), taskType: "twin" }),
    ),
    only: "1",
  },
  request("delete/empty request", (client) => client.delete({})),
  ...badJobs().map(([name, job]) => request(`delete/job: ${name}`, (client) => client.delete(aboutJob(job)))),
  {
    ...request("delete/of a sync task type", (client) => client.delete(aboutJob(jobBytes("x"), { type: "twin_sync" }))),
    only: "1",
  },
];

function request(name: string, ask: (client: AgentClient) => Promise<{ readonly facts: Facts }>): TwinCase {
  return { name, ask: async (client) => (await ask(client)).facts };
}
