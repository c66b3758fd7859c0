import { join } from "node:path";
import { assertNoConflicts, assertNoRejections, type Plan } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { makeProject, pluginFiles } from "../discovery/make-project.ts";
import { type PlanChanges, planProject, summary } from "./plan-project.ts";

/** Two plugins that both serve `ray@1`; the second serves `dask@0` too. */
async function planOfTwo(changes: PlanChanges = {}): Promise<Plan> {
  const root = makeProject({
    "package.json": { json: { dependencies: { "flyte-agent-ray": "1", "@acme/ray": "1" } } },
    ...pluginFiles("node_modules/flyte-agent-ray", "flyte-agent-ray", { taskTypes: [{ name: "ray", version: 1 }] }),
    ...pluginFiles("node_modules/@acme/ray", "@acme/ray", {
      id: "acme-ray",
      taskTypes: [{ name: "ray", version: 1 }, { name: "dask" }],
    }),
  });
  return planProject(root, changes);
}

describe("two plugins of one task type", () => {
  it("stop the start, which names both and the lines that choose one", async () => {
    const plan = await planOfTwo();
    expect(summary(plan)).toEqual(["@acme/ray accepted", "flyte-agent-ray accepted"]);
    expect([...plan.owners]).toEqual([["dask@0", "acme-ray"]]);
    expect(() => assertNoConflicts(plan)).toThrowError(
      expect.objectContaining({
        code: "plugin_conflict",
        message: [
          "two plugins serve the task type ray@1:",
          "  @acme/ray in node_modules/@acme/ray",
          "  flyte-agent-ray in node_modules/flyte-agent-ray",
          "choose in flyte-agent.config.yaml:",
          "  plugins:",
          "    routes:",
          '      "ray@1": "acme-ray"  # or "ray"',
        ].join("\n"),
      }),
    );
  });

  it.each([
    [{ "ray@1": "ray" }, "ray"],
    [{ ray: "acme-ray" }, "acme-ray"],
    [{ ray: "acme-ray", "ray@1": "ray" }, "ray"],
  ])("are told apart by the routes %j", async (routes, owner) => {
    const plan = await planOfTwo({ plugins: { routes } });
    expect(() => assertNoConflicts(plan)).not.toThrow();
    expect([...plan.owners]).toEqual([
      ["dask@0", "acme-ray"],
      ["ray@1", owner],
    ]);
  });

  it("are chosen with all other conflicts in one block, which can be pasted as it is", async () => {
    const names = ["a", "b", "c", "d", "e"];
    const taskTypes = (name: string) => [
      { name: ["a", "b"].includes(name) ? "ray" : "dask" },
      { name: "x", version: 1 },
    ];
    const root = makeProject({
      "package.json": { json: { dependencies: Object.fromEntries(names.map((name) => [name, "1"])) } },
      ...Object.assign(
        {},
        ...names.map((name) =>
          pluginFiles(`node_modules/${name}`, name, {
            id: ["d", "e"].includes(name) ? "same" : name,
            taskTypes: taskTypes(name),
          }),
        ),
      ),
    });
    const plan = await planProject(root);
    let text = "";
    try {
      assertNoConflicts(plan);
    } catch (reason) {
      text = reason instanceof Error ? reason.message : "";
    }
    const [, block = ""] = text.split("choose in flyte-agent.config.yaml:\n");
    const { plugins } = parse(block);
    expect(plugins).toEqual({ disabled: ["e"], routes: { "ray@0": "a", "x@1": "a" } });
    const fixed = await planProject(root, { plugins: { ...plugins, routes: { ...plugins.routes, dask: "c" } } });
    expect(() => assertNoConflicts(fixed)).not.toThrow();
  });

  it("do not conflict if one is disabled, or the version differs", async () => {
    const disabled = await planOfTwo({ plugins: { disabled: ["acme-ray"] } });
    expect(() => assertNoConflicts(disabled)).not.toThrow();
    expect([...disabled.owners]).toEqual([["ray@1", "ray"]]);
    const root = makeProject({
      "package.json": { json: { dependencies: { a: "1", b: "1" } } },
      ...pluginFiles("node_modules/a", "a", { taskTypes: [{ name: "ray" }] }),
      ...pluginFiles("node_modules/b", "b", { taskTypes: [{ name: "ray", version: 1 }] }),
    });
    expect([...(await planProject(root)).owners.keys()]).toEqual(["ray@0", "ray@1"]);
  });
});

describe("routes that lead nowhere", () => {
  it.each<[Record<string, string>, PlanChanges["plugins"], string]>([
    [{ "ray@1": "rayy" }, {}, 'plugins.routes["ray@1"]: no plugin has the id "rayy", did you mean "ray"?'],
    [
      { "ray@1": "flyte-agent-ray" },
      {},
      'plugins.routes["ray@1"]: no plugin has the id "flyte-agent-ray", did you mean "ray"?',
    ],
    [
      { "ray@1": "something-else" },
      {},
      'plugins.routes["ray@1"]: no plugin has the id "something-else", remove the route or install the plugin',
    ],
    [
      { dask: "ray", "ray@1": "ray" },
      {},
      'plugins.routes["dask"]: the plugin "ray" does not serve dask, it serves ray@1',
    ],
    [
      { "ray@7": "ray", ray: "ray" },
      {},
      'plugins.routes["ray@7"]: the plugin "ray" does not serve ray@7, it serves ray@1',
    ],
    [
      { "ray@1": "ray" },
      { disabled: ["ray"] },
      'plugins.routes["ray@1"]: the plugin "ray" is disabled: plugins.disabled has "ray"',
    ],
  ])("%j %j", async (routes, plugins, message) => {
    const plan = await planOfTwo({ plugins: { ...plugins, routes } });
    expect(() => assertNoConflicts(plan)).toThrowError(expect.objectContaining({ code: "invalid_config", message }));
  });
});

describe("two packages of one id", () => {
  it("are both rejected and stop the start", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-ray": "1", "@acme/flyte-agent-ray": "1" } } },
      ...pluginFiles("node_modules/flyte-agent-ray", "flyte-agent-ray"),
      ...pluginFiles("node_modules/@acme/flyte-agent-ray", "@acme/flyte-agent-ray", { taskTypes: [{ name: "other" }] }),
      "flyte-agent.config.json": "{}",
    });
    const plan = await planProject(root);
    expect(summary(plan)).toEqual([
      '@acme/flyte-agent-ray rejected duplicate-id: flyte-agent-ray (node_modules/flyte-agent-ray) has the id "ray" too' +
        " -> disable all but one by their package names under plugins.disabled",
      "flyte-agent-ray rejected duplicate-id: @acme/flyte-agent-ray (node_modules/@acme/flyte-agent-ray) has the id " +
        '"ray" too -> disable all but one by their package names under plugins.disabled',
    ]);
    expect(plan.owners.size).toBe(0);
    expect(() => assertNoConflicts(plan)).toThrowError(
      expect.objectContaining({
        code: "plugin_conflict",
        message: [
          'two plugins have the id "ray":',
          "  @acme/flyte-agent-ray in node_modules/@acme/flyte-agent-ray",
          "  flyte-agent-ray in node_modules/flyte-agent-ray",
          "choose in flyte-agent.config.json:",
          "  plugins:",
          "    disabled:",
          '      - "flyte-agent-ray"  # or "@acme/flyte-agent-ray"',
        ].join("\n"),
      }),
    );
    const fixed = await planProject(root, { plugins: { disabled: ["flyte-agent-ray"] } });
    expect(() => assertNoConflicts(fixed)).not.toThrow();
    expect([...fixed.owners]).toEqual([["other@0", "ray"]]);
  });

  it("may be one package in two places, of which the first counts", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-ray": "1" } } },
      ...pluginFiles("node_modules/flyte-agent-ray", "flyte-agent-ray"),
      ...pluginFiles("mine", "flyte-agent-ray"),
    });
    const plan = await planProject(root, { plugins: { list: [join(root, "mine")] } });
    expect(plan.entries.map(({ verdict }) => verdict.kind)).toEqual(["accepted", "inactive"]);
    expect(() => assertNoConflicts(plan)).not.toThrow();
  });
});

describe("assertNoRejections", () => {
  it("names each rejected package with the way to fix it", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-a": "1", "flyte-agent-b": "1", "flyte-agent-c": "1" } } },
      ...pluginFiles("node_modules/flyte-agent-a", "flyte-agent-a"),
      ...pluginFiles("node_modules/flyte-agent-b", "flyte-agent-b", { apiVersion: 3 }),
    });
    const plan = await planProject(root);
    expect(() => assertNoRejections({ ...plan, entries: plan.entries.slice(0, 1) })).not.toThrow();
    expect(() => assertNoRejections(plan)).toThrowError(
      expect.objectContaining({
        code: "invalid_manifest",
        message:
          "flyte-agent-b was rejected: it needs apiVersion 3, this runtime offers 1 to 1 (npm install flyte-agent@latest)\n" +
          "flyte-agent-c was rejected: it is not installed: no node_modules from the app root upwards has it " +
          "(npm install flyte-agent-c)",
      }),
    );
  });
});
