import { assertNoConflicts, loadConfig } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject, pluginFiles } from "../discovery/make-project.ts";
import { type PlanChanges, planProject } from "./plan-project.ts";

const modules = "node_modules";

/** An app root with the plugins `sensor` and `ray`, one that is broken, one not installed, and one not asked for. */
function project(): string {
  return makeProject({
    "package.json": {
      json: {
        dependencies: {
          "flyte-agent-sensor": "1",
          "flyte-agent-ray": "1",
          "@acme/broken": "1",
          "flyte-agent-gone": "1",
        },
        devDependencies: { "flyte-agent-tests": "1" },
      },
    },
    ...pluginFiles(`${modules}/flyte-agent-sensor`, "flyte-agent-sensor"),
    ...pluginFiles(`${modules}/flyte-agent-ray`, "flyte-agent-ray", { taskTypes: [{ name: "ray" }] }),
    ...pluginFiles(`${modules}/@acme/broken`, "@acme/broken", { id: "acme-b", taskTypes: [{ nam: "b" }] }),
    ...pluginFiles(`${modules}/flyte-agent-tests`, "flyte-agent-tests", { taskTypes: [{ name: "t" }] }),
    ...pluginFiles(`${modules}/flyte-agent-rays`, "flyte-agent-rays", { taskTypes: [{ name: "r" }] }),
  });
}

async function startProblem(changes: PlanChanges): Promise<string | undefined> {
  const plan = await planProject(project(), changes);
  try {
    assertNoConflicts(plan);
    return undefined;
  } catch (reason) {
    expect(reason).toMatchObject({ code: "invalid_config" });
    return reason instanceof Error ? reason.message : String(reason);
  }
}

describe("options for a plugin that is not there", () => {
  it.each<[string, string]>([
    [
      "sensr",
      'config["sensr"]: no plugin has the id "sensr", did you mean "sensor"? ' +
        'If it may be missing here: plugins: { optional: ["sensr"] }',
    ],
    [
      "something-else",
      'config["something-else"]: no plugin has the id "something-else", install it or remove its options. ' +
        'If it may be missing here: plugins: { optional: ["something-else"] }',
    ],
    [
      "flyte-agent-sensor",
      'config["flyte-agent-sensor"]: options stand under the id of a plugin, did you mean "sensor"?',
    ],
    [
      "tests",
      'config["tests"]: flyte-agent-tests is inactive, it is only in devDependencies. ' +
        'To fix it: npm install --save-prod flyte-agent-tests, or add "flyte-agent-tests" to plugins.list',
    ],
    [
      "constructor",
      'config["constructor"]: no plugin has the id "constructor", install it or remove its options. ' +
        'If it may be missing here: plugins: { optional: ["constructor"] }',
    ],
  ])("stop the start: %s", async (id, message) => {
    expect(await startProblem({ config: { [id]: { allowedHosts: [] } } })).toBe(message);
  });

  it("are no mistake where that plugin is switched off, said to be optional, rejected, or not installed", async () => {
    const config = { webhook: {}, later: {}, sensor: {}, "acme-b": {}, gone: {} };
    const plugins = { disabled: ["webhook", "sensor"], optional: ["lat*"] };
    expect(await startProblem({ config, plugins })).toBeUndefined();
  });
});

describe("names of plugins that are not to be served", () => {
  it.each<[NonNullable<PlanChanges["plugins"]>, string | undefined]>([
    [
      { disabled: ["sensr"] },
      'plugins.disabled: "sensr" fits no plugin, did you mean "sensor"? ' +
        'If it may be missing here: plugins: { optional: ["sensr"] }',
    ],
    [
      { deny: ["flyte-agent-Ray"] },
      'plugins.deny: "flyte-agent-Ray" fits no plugin, did you mean "flyte-agent-ray"? ' +
        'If it may be missing here: plugins: { optional: ["flyte-agent-Ray"] }',
    ],
    [{ disabled: ["sensr"], deny: ["sensro"], optional: ["sensr", "sensro"] }, undefined],
    // For what may come, and what is meant for another machine.
    [{ deny: ["sens-*", "flyte-agent-slurm"], disabled: ["bigquery"] }, undefined],
    // Nearly the name of one that is served, and exactly that of another, which nobody asked for.
    [{ deny: ["rays"] }, undefined],
  ])("%j", async (plugins, problem) => {
    expect(await startProblem({ plugins })).toBe(problem);
  });

  it("are warned of where they fit nothing", async () => {
    const plan = await planProject(project(), {
      plugins: { disabled: ["bigquery", "other-*"], optional: ["other-*"] },
    });
    expect(plan.warnings).toEqual(['plugins.disabled: "bigquery" fits no plugin']);
  });
});

describe("settings without which less is protected", () => {
  it.each([
    ["FLYTE_AGENT_CONFG", "FLYTE_AGENT_CONFIG"],
    ["FLYTE_AGENT_HOSTS", "FLYTE_AGENT_HOST"],
    ["FLYTE_AGENT_TLS_CERT", "FLYTE_AGENT_TLS_CERT_FILE"],
    ["FLYTE_AGENT_PLUGIN_DISABLED", "FLYTE_AGENT_PLUGINS_DISABLED"],
  ])("stop the start where the variable is mistyped: %s", async (name, meant) => {
    await expect(loadConfig({ cwd: project(), env: { [name]: "x" } })).rejects.toMatchObject({
      code: "invalid_config",
      message: `the environment variable ${name} is not known, did you mean ${meant}? Correct or remove it`,
    });
  });

  it.each([
    ["flyte_agent.config.yaml", "flyte-agent.config.yaml"],
    ["flyte-agent.config.cjs", "flyte-agent.config.js"],
    ["flyte-agentrc", ".flyte-agentrc"],
  ])("stop the start where the file is mistyped: %s", async (name, meant) => {
    const root = makeProject({ "package.json": "{}", [name]: "config: {}", "deep/": "" });
    await expect(loadConfig({ cwd: `${root}/deep`, env: {} })).rejects.toMatchObject({
      code: "invalid_config",
      message: `${root}/${name} is not read, did you mean ${meant}? Rename it, or name it with --config`,
    });
    const other = makeProject({ "package.json": "{}", [name]: "", "flyte-agent.config.json": "{}" });
    expect((await loadConfig({ cwd: other, env: {} })).configFile).toBe(`${other}/flyte-agent.config.json`);
  });

  it("leave alone what is only similar", async () => {
    const root = makeProject({
      "package.json": "{}",
      "flyte-agent.config.yaml.example": "",
      "flyte-agent.config.yaml~": "",
      ".flyte-agent/": "",
    });
    const env = { FLYTE_AGENT_LOGLEVEL: "debug", FLYTE_AGENT_SERVICE_HOST: "10.0.0.1" };
    expect((await loadConfig({ cwd: root, env })).warnings).toHaveLength(2);
  });
});
