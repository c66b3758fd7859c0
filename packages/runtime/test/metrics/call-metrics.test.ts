import { once } from "node:events";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { all, connect, failureOf, job, template } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const taskCategory = { name: "job", version: 0 };

test("calls are measured under the names and labels of the Python servers", async () => {
  const { port, scrape } = await serve();
  const { agent, sync } = connect(port);
  const { resourceMeta } = await agent.createTask({ template: template("job") });
  await agent.getTask({ taskCategory, resourceMeta });
  await agent.deleteTask({ taskCategory, resourceMeta });
  await failureOf(agent.createTask({ template: template("job", { custom: { create: "throws" } }) }));
  const frames: readonly MessageInitShape<typeof flyteidl1.ExecuteTaskSyncRequestSchema>[] = [
    { part: { case: "header", value: { template: template("echo") } } },
    { part: { case: "inputs", value: {} } },
  ];
  await all(
    sync.executeTaskSync(
      (async function* () {
        yield* frames;
      })(),
    ),
  );
  await failureOf(agent.getTask({ taskCategory: { name: "no_such_type" }, resourceMeta }));
  const metrics = await scrape();
  for (const line of [
    "# TYPE flyte_connector_requests_success_total counter",
    "# TYPE flyte_connector_requests_failure_total counter",
    "# TYPE flyte_connector_request_latency_seconds summary",
    "# TYPE flyte_connector_input_literal_bytes summary",
    "# TYPE flyte_agent_request_duration_seconds histogram",
    'flyte_connector_requests_success_total{task_type="job",operation="create"} 1',
    'flyte_connector_requests_success_total{task_type="job",operation="get"} 1',
    'flyte_connector_requests_success_total{task_type="job",operation="delete"} 1',
    'flyte_connector_requests_success_total{task_type="echo",operation="do"} 1',
    'flyte_connector_requests_failure_total{task_type="job",operation="create",error_code="500"} 1',
    'flyte_connector_requests_failure_total{task_type="unknown",operation="get",error_code="404"} 1',
    'flyte_connector_request_latency_seconds_count{task_type="job",operation="create"} 2',
    'flyte_connector_input_literal_bytes_count{task_type="job"} 2',
    'flyte_agent_request_duration_seconds_bucket{le="+Inf",task_type="job",operation="get"} 1',
    'flyte_agent_plugin_ready{plugin="jobs"} 1',
  ]) {
    expect(metrics).toContain(line);
  }
  expect(metrics).toMatch(/^flyte_agent_plugin_import_seconds\{plugin="jobs"\} \d/m);
  expect(metrics).not.toContain("quantile=");
});

test("calls in flight are a gauge that returns to zero, however they end", async () => {
  const { port, events, scrape } = await serve();
  const { agent } = connect(port);
  const waiting = once(events, "waiting");
  const call = agent.getTask({ taskCategory, resourceMeta: job({ get: "waits" }) });
  await waiting;
  expect(await scrape()).toContain('flyte_agent_requests_in_flight{operation="get"} 1');
  events.emit("go on");
  await call;
  const cancel = new AbortController();
  const again = once(events, "waiting");
  const cancelled = failureOf(
    agent.getTask({ taskCategory, resourceMeta: job({ get: "ignores its signal" }) }, { signal: cancel.signal }),
  );
  await again;
  cancel.abort();
  await cancelled;
  await expect.poll(scrape).toContain('flyte_agent_requests_in_flight{operation="get"} 0');
});

test("task types that callers invent never become labels", async () => {
  const { port, scrape } = await serve();
  const { agent } = connect(port);
  await Promise.all(
    Array.from({ length: 300 }, async (_, index) => {
      const name = `invented_${index}`;
      await failureOf(agent.createTask({ template: template(name) }));
      await failureOf(agent.getTask({ taskCategory: { name }, resourceMeta: job({}) }));
      await failureOf(agent.getTask({ taskCategory: { name: "job", version: index + 2 }, resourceMeta: job({}) }));
    }),
  );
  const metrics = await scrape();
  expect(metrics).not.toContain("invented_");
  expect(metrics).toContain(
    'flyte_connector_requests_failure_total{task_type="unknown",operation="create",error_code="404"} 300',
  );
  expect(metrics.split("\n").length).toBeLessThan(200);
});
