import { join } from "node:path";
import { completePlan } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject, pluginFiles } from "../discovery/make-project.ts";
import { planProject, summary } from "./plan-project.ts";

describe("completePlan", () => {
  it("adds the plugins that nobody activated, with the line that would", async () => {
    const root = makeProject({
      ...pluginFiles("node_modules/flyte-agent-above", "flyte-agent-above"),
      ...pluginFiles("node_modules/flyte-agent-a", "flyte-agent-a"),
      "app/package.json": {
        json: { dependencies: { "flyte-agent-a": "1" }, devDependencies: { "flyte-agent-dev": "1" } },
      },
      ...pluginFiles("app/node_modules/flyte-agent-a", "flyte-agent-a"),
      ...pluginFiles("app/node_modules/flyte-agent-dev", "flyte-agent-dev"),
      ...pluginFiles("app/node_modules/@acme/transitive", "@acme/transitive"),
      ...pluginFiles("app/node_modules/broken", "broken", { typo: 1 }),
      ...pluginFiles("app/node_modules/flyte-agent", "flyte-agent"),
      "app/node_modules/unreadable/package.json": '{"flyte-agent"',
      "app/node_modules/library/package.json": "{}",
      "app/node_modules/flyte-agent-no-plugin/package.json": "{}",
    });
    const plan = await planProject(join(root, "app"));
    const completed = completePlan(plan);
    expect(summary(completed)).toEqual([
      "flyte-agent-a accepted",
      "@acme/transitive inactive not-a-dependency: it is installed, but is no dependency in the app root's package.json" +
        ' -> npm install @acme/transitive, or add "@acme/transitive" to plugins.list',
      "broken inactive not-a-dependency: it is installed, but is no dependency in the app root's package.json" +
        ' -> npm install broken, or add "broken" to plugins.list',
      "flyte-agent-dev inactive dev-dependency: it is only in devDependencies" +
        ' -> npm install --save-prod flyte-agent-dev, or add "flyte-agent-dev" to plugins.list',
      "flyte-agent-a inactive shadowed: another copy of this package comes first: node_modules/flyte-agent-a" +
        " -> remove one of the two, or name the directory of the one to use under plugins.list",
      "flyte-agent-above inactive not-a-dependency: it is installed, but is no dependency in the app root's package.json" +
        ' -> npm install flyte-agent-above, or add "flyte-agent-above" to plugins.list',
    ]);
    expect(completed.owners).toBe(plan.owners);
    expect(completed.entries[1]?.trace).toEqual([
      { step: "found", outcome: "seen by the scan, in node_modules/@acme/transitive" },
      { step: "activation", outcome: "it is installed, but is no dependency in the app root's package.json" },
    ]);
  });

  it("activates what its line says", async () => {
    const root = makeProject({ "package.json": "{}", ...pluginFiles("node_modules/transitive", "transitive") });
    expect(summary(completePlan(await planProject(root)))).toHaveLength(1);
    expect(summary(completePlan(await planProject(root, { plugins: { list: ["transitive"] } })))).toEqual([
      "transitive accepted",
    ]);
  });

  it("adds nothing where everything was scanned", async () => {
    const root = makeProject(pluginFiles("node_modules/a", "a"));
    const plan = await planProject(root);
    expect(completePlan(plan)).toEqual(plan);
  });
});
