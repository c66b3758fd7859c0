import { grpcHealth } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect, failureOf } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const { SERVING, NOT_SERVING, SERVICE_UNKNOWN } = grpcHealth.HealthCheckResponse_ServingStatus;

test.each([
  "",
  "flyteidl.service.AsyncAgentService",
  "flyteidl.service.SyncAgentService",
  "flyteidl.service.AgentMetadataService",
  "flyteidl2.connector.AsyncConnectorService",
  "flyteidl2.connector.ConnectorMetadataService",
  "grpc.health.v1.Health",
  "plugin:jobs",
])("service %j is SERVING", async (service) => {
  const { port } = await serve();
  expect(await connect(port).health.check({ service })).toMatchObject({ status: SERVING });
});

test("an unknown service is NOT_FOUND at Check and SERVICE_UNKNOWN at Watch", async () => {
  const { port } = await serve();
  const { health } = connect(port);
  expect(await failureOf(health.check({ service: "nothing" }))).toEqual({ code: "NotFound", message: "" });
  for await (const { status } of health.watch({ service: "nothing" })) {
    expect(status).toBe(SERVICE_UNKNOWN);
    break;
  }
});

test("a broken plugin is NOT_SERVING, the server is SERVING", async () => {
  const { port } = await serve({ plugins: ["jobs", "broken-import"] });
  const { health } = connect(port);
  const { statuses } = await health.list({});
  expect(statuses["plugin:broken-import"]?.status).toBe(NOT_SERVING);
  expect(statuses["plugin:jobs"]?.status).toBe(SERVING);
  expect(statuses[""]?.status).toBe(SERVING);
});

test("a watcher hears that a plugin is loaded, and that the server stops", async () => {
  const { port, server } = await serve({ untilLoaded: false });
  const watch = connect(port).health.watch({ service: "plugin:jobs" })[Symbol.asyncIterator]();
  const server2 = connect(port).health.watch({ service: "" })[Symbol.asyncIterator]();
  const seen = [(await watch.next()).value?.status];
  if (seen[0] !== SERVING) seen.push((await watch.next()).value?.status);
  expect(seen.at(-1)).toBe(SERVING);
  expect((await server2.next()).value?.status).toBe(SERVING);
  const closed = server.close();
  expect((await server2.next()).value?.status).toBe(NOT_SERVING);
  expect((await server2.next()).done).toBe(true);
  await closed;
});

test("health checks and reflection are not counted as requests that could not be read", async () => {
  const { port, scrape, lines } = await serve();
  const { health, reflection, metadata } = connect(port);
  await health.check({ service: "" });
  await health.list({});
  await metadata.listAgents({});
  for await (const answer of reflection.serverReflectionInfo(
    (async function* () {
      yield { messageRequest: { case: "listServices" as const, value: "" } };
    })(),
  )) {
    expect(answer.messageResponse.case).toBe("listServicesResponse");
  }
  expect(await scrape()).not.toMatch(/^flyte_agent_refused_requests_total\{/m);
  expect(lines.map(({ message }) => message)).not.toContain("a request could not be read");
});
