import { readFileSync } from "node:fs";
import * as connectNode from "@connectrpc/connect-node";
import * as client from "@flyte-agent/client";
import { expect, it } from "vitest";
import { startServe } from "./command.ts";
import { createProject } from "./project.ts";

const readme = readFileSync(new URL("../../client/README.md", import.meta.url), "utf8");

const manifest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "greet", mode: "sync", agent: "Greeter" }] };

const source = `
import { definePlugin, defineSyncAgent, succeeded } from "@flyte-agent/sdk";
export default definePlugin({
  setup: () => [
    defineSyncAgent({
      name: "Greeter",
      taskType: "greet",
      do: async ({ inputs }) => succeeded({ message: "done", outputs: { text: "Hello " + inputs.name } }),
    }),
  ],
});
`;

const task = `
type: greet
interface:
  inputs: { variables: { name: { type: { simple: STRING } } } }
  outputs: { variables: { text: { type: { simple: STRING } } } }
`;

it("the example runs a task on a server", async () => {
  await using project = await createProject(["flyte-agent-greet"]);
  await project.addPlugin("flyte-agent-greet", { manifest, source });
  await using server = await startServe(project.directory);
  const [, code = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const body = code
    .replaceAll(/^import (\{.*\}) from "(.*)";$/gm, 'const $1 = modules["$2"];')
    .replace("http://localhost:8000", server.baseUrl);
  const printed: unknown[] = [];
  const modules = {
    "node:fs/promises": { readFile: async () => Buffer.from(task) },
    "@connectrpc/connect-node": connectNode,
    "@flyte-agent/client": client,
  };
  const run = new Function("modules", "console", `return (async () => { ${body} })();`);
  await run(modules, { log: (...values: unknown[]) => printed.push(...values) });
  expect(printed).toEqual(["succeeded", "done", { text: "Hello Ada" }]);
});

it("its table names what is exported", () => {
  const named = [...readme.matchAll(/^\| `(\w+)/gm)].map(([, name]) => name);
  expect(new Set(named)).toEqual(new Set(Object.keys(client)));
});
