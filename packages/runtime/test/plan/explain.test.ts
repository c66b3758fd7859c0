import { join } from "node:path";
import { completePlan, explain, type Plan } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject, pluginFiles } from "../discovery/make-project.ts";
import { planProject } from "./plan-project.ts";

async function examplePlan(): Promise<Plan> {
  const root = makeProject({
    "package.json": { json: { dependencies: { "flyte-agent-a": "1", "flyte-agent-b": "1" } } },
    ...pluginFiles("node_modules/flyte-agent-a", "flyte-agent-a", {
      taskTypes: [{ name: "ray", version: 2 }, { name: "ray" }, { name: "clash" }],
    }),
    ...pluginFiles("node_modules/flyte-agent-b", "flyte-agent-b", { taskTypes: [{ name: "b" }, { name: "clash" }] }),
    ...pluginFiles("node_modules/transitive", "transitive", { taskTypes: [{ name: "ray" }] }),
  });
  return completePlan(await planProject(root));
}

describe("explain", () => {
  it("finds a package by its name, id and directory", async () => {
    const plan = await examplePlan();
    for (const subject of ["flyte-agent-a", "a", join(plan.appRoot, "node_modules/flyte-agent-a")]) {
      expect(explain(plan, subject)).toEqual({ kind: "package", entries: [plan.entries[0]] });
    }
  });

  it("prefers the plugin where a task type has the same name", async () => {
    const plan = await examplePlan();
    expect(explain(plan, "b").kind).toBe("package");
    expect(explain(plan, "b@0").kind).toBe("task-type");
  });

  it("finds a task type in all its versions, with everything that declares it", async () => {
    const plan = await examplePlan();
    const [a, , transitive] = plan.entries;
    expect(explain(plan, "ray")).toEqual({
      kind: "task-type",
      categories: [
        { key: "ray@0", owner: "a", claimants: [a, transitive], conflict: undefined },
        { key: "ray@2", owner: "a", claimants: [a], conflict: undefined },
      ],
    });
    expect(explain(plan, "ray@2")).toMatchObject({ categories: [{ key: "ray@2" }] });
  });

  it("shows conflicts", async () => {
    const plan = await examplePlan();
    expect(explain(plan, "clash")).toMatchObject({
      categories: [{ key: "clash@0", owner: undefined, conflict: { kind: "task-type" } }],
    });
  });

  it("names the nearest thing where nothing is found", async () => {
    const plan = await examplePlan();
    expect(explain(plan, "rey")).toEqual({ kind: "unknown", nearest: "ray" });
    expect(explain(plan, "flyte-agent-aa")).toEqual({ kind: "unknown", nearest: "flyte-agent-a" });
    expect(explain(plan, "zzzzzzzz")).toEqual({ kind: "unknown", nearest: undefined });
  });
});
