import type { AgentClient } from "./agent-client.ts";
import type { Facts } from "./facts.ts";
import type { TwinCase } from "./twin-case.ts";
import { aboutJob, encode, jobBytes } from "./twin-task.ts";

type Request = ReturnType<typeof aboutJob>;

/** GetTaskMetrics and GetTaskLogs, which nothing of open-source Flyte calls. */
export const viewCases: readonly TwinCase[] = [
  ...viewed("metrics", (client, about) => client.metrics(about)),
  {
    name: "metrics/with queries and a range",
    ask: async (client) => {
      const range = { queries: ["cpu"], startTime: { seconds: 1n }, endTime: { seconds: 2n }, step: { seconds: 1n } };
      return (await client.metrics({ ...aboutJob(jobBytes("running")), ...range })).facts;
    },
  },
  ...viewed("logs", (client, about) => client.logs(about)),
  {
    name: "logs/next page",
    ask: async (client) => (await client.logs({ ...aboutJob(jobBytes("running")), token: "2", lines: 10n })).facts,
  },
];

function viewed(
  what: "metrics" | "logs",
  view: (client: AgentClient, request: Request) => Promise<{ readonly facts: Facts }>,
): readonly TwinCase[] {
  const of = (name: string, about: Request): TwinCase => ({
    name: `${what}/${name}`,
    ask: async (client) => (await view(client, about)).facts,
  });
  return [
    of("of a job", aboutJob(jobBytes("running"))),
    of("not offered", aboutJob(jobBytes("running"), { type: "twin_plain" })),
    of("error: plain", aboutJob(jobBytes(`raise ${what} plain`))),
    of("error: user", aboutJob(jobBytes(`raise ${what} user`))),
    of("error: unavailable", aboutJob(jobBytes(`raise ${what} unavailable`))),
    of("unknown task type", aboutJob(jobBytes("running"), { type: "twin_unknown" })),
    of("unknown version", aboutJob(jobBytes("running"), { version: 1 })),
    of("job: empty", aboutJob(new Uint8Array())),
    of("job: no JSON", aboutJob(encode("job-1"))),
    of("job: an unknown field", aboutJob(encode('{"scenario": "running", "job_id": "job-1", "newer": 1}'))),
    {
      name: `${what}/without category`,
      ask: async (client) => (await client[what]({ resourceMeta: jobBytes("running") })).facts,
    },
    {
      name: `${what}/deprecated task type alone`,
      only: "1",
      ask: async (client) => (await client[what]({ resourceMeta: jobBytes("running"), taskType: "twin" })).facts,
    },
  ];
}
