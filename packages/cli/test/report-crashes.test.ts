import { expect, it } from "vitest";
import { startCommand } from "./command.ts";
import { createProject } from "./project.ts";

const source = `
import { definePlugin, defineSyncAgent, succeeded } from "@flyte-agent/sdk";
export default definePlugin({
  setup() {
    setTimeout(() => { throw new Error("thrown in a timer"); }, 100);
    return [defineSyncAgent({ name: "Crasher", taskType: "crash", do: async () => succeeded() })];
  },
});
`;

it("an error that nobody caught ends the server and names the plugin", async () => {
  await using project = await createProject(["flyte-agent-crash"]);
  const manifest = {
    manifestVersion: 1,
    apiVersion: 1,
    taskTypes: [{ name: "crash", mode: "sync", agent: "Crasher" }],
  };
  await project.addPlugin("flyte-agent-crash", { manifest, source });
  const args = ["serve", "--port", "0", "--prometheus-port", "0", "--log-format", "json"];
  await using server = startCommand(project.directory, args);
  const { code, stdout } = await server.ended;
  expect(code).toBe(1);
  const crash = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .at(-1);
  expect(crash).toMatchObject({ level: "error", plugin: "crash", error: { message: "thrown in a timer" } });
});
