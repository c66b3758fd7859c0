import { flyteidl1 } from "@flyte-agent/idl";
import { expect, test } from "vitest";
import { connect, failureOf } from "../fixtures/clients.ts";
import { serve } from "../fixtures/serve.ts";

const named = (name: string): object => expect.objectContaining({ name });

test("ListAgents tells each agent with the old and the new fields", async () => {
  const { port } = await serve();
  const { agents } = await connect(port).metadata.listAgents({});
  expect(
    agents.map(({ name, isSync, supportedTaskTypes, supportedTaskCategories }) => ({
      name,
      isSync,
      supportedTaskTypes,
      categories: supportedTaskCategories.map((category) => `${category.name}@${category.version}`),
    })),
  ).toEqual([
    { name: "Awaited Sensor", isSync: false, supportedTaskTypes: ["awaited"], categories: ["awaited@0"] },
    { name: "Echo Agent", isSync: true, supportedTaskTypes: ["echo"], categories: ["echo@0"] },
    { name: "Job Agent", isSync: false, supportedTaskTypes: ["job"], categories: ["job@0", "job@1"] },
    { name: "Observed Agent", isSync: false, supportedTaskTypes: ["observed"], categories: ["observed@0"] },
  ]);
});

test("ListConnectors tells the same with categories only", async () => {
  const { port } = await serve();
  const { connectors } = await connect(port).connectorMetadata.listConnectors({});
  expect(connectors.map(({ name }) => name)).toEqual(["Awaited Sensor", "Echo Agent", "Job Agent", "Observed Agent"]);
  expect(connectors[2]?.supportedTaskCategories).toMatchObject([
    { name: "job", version: 0 },
    { name: "job", version: 1 },
  ]);
});

test("one agent is found by its name, and a wrong name is told the right ones", async () => {
  const { port } = await serve();
  const { metadata, connectorMetadata } = connect(port);
  expect((await metadata.getAgent({ name: "Echo Agent" })).agent).toMatchObject({ isSync: true });
  expect((await connectorMetadata.getConnector({ name: "Job Agent" })).connector).toMatchObject({ name: "Job Agent" });
  const failure = {
    code: "NotFound",
    message:
      'no agent is named "Nobody"; known: "Awaited Sensor", "Echo Agent", "Job Agent", "Observed Agent" [agent_not_found]',
  };
  expect(await failureOf(metadata.getAgent({ name: "Nobody" }))).toEqual(failure);
  expect(await failureOf(connectorMetadata.getConnector({ name: "Nobody" }))).toEqual(failure);
  expect((await failureOf(metadata.getAgent({ name: "N".repeat(100_000) }))).message.length).toBeLessThan(500);
});

test("listing answers while a plugin is still being loaded, and lists what is broken", async () => {
  const { port } = await serve({ plugins: ["jobs", "never-loads", "broken-import"], untilLoaded: false });
  const { metadata, runtime } = connect(port);
  const { agents } = await metadata.listAgents({});
  expect(agents).toEqual(expect.arrayContaining([named("Never Loads"), named("Broken Import"), named("Broken Sync")]));
  expect(agents.find(({ name }) => name === "Broken Sync")).toMatchObject({ isSync: true });
  const { plugins } = await runtime.listPlugins({});
  expect(plugins.map(({ id }) => id)).toEqual(["jobs", "never-loads", "broken-import"]);
});

test("an unknown method and an unknown service are UNIMPLEMENTED", async () => {
  const { port } = await serve();
  const { transport } = connect(port);
  const { listAgents } = flyteidl1.AgentMetadataService.method;
  for (const method of [
    { ...listAgents, name: "ListNothing" },
    { ...listAgents, parent: { ...listAgents.parent, typeName: "flyteidl.service.NoSuchService" } },
  ]) {
    expect(await failureOf(transport.unary(method, undefined, undefined, undefined, {}))).toEqual({
      code: "Unimplemented",
      message: "unknown service or method",
    });
  }
});
