import { existsSync, readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { create, fromJson, toBinary } from "@bufbuild/protobuf";
import { flyteidl1 } from "@flyte-agent/idl";
import { describe, expect, it } from "vitest";
import { runCommand, startCommand, startServe } from "./command.ts";
import { createProject, type Project, tick, tickManifest, tickSource } from "./project.ts";

async function tickProject(): Promise<Project> {
  const project = await createProject(["flyte-agent-tick"]);
  await project.addPlugin("flyte-agent-tick");
  return project;
}

const template = fromJson(flyteidl1.TaskTemplateSchema, {
  type: "echo",
  interface: {
    inputs: { variables: { n: { type: { simple: "INTEGER" } } } },
    outputs: { variables: { n: { type: { simple: "INTEGER" } } } },
  },
});

describe("run", () => {
  it("runs a task to its end here, with progress and links on standard error and outputs on standard output", async () => {
    await using project = await tickProject();
    await project.write("task.json", tick({ ms: 600 }));
    const { code, stdout, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "ticks: 3\n" });
    expect(stderr).toMatch(/running {2}ticking/);
    expect(stderr.match(/link: Tick Console https:\/\/ticks\.example\.com\/1/g)).toHaveLength(1);
    expect(stderr).toMatch(/succeeded after \d+\.\d s/);
  });

  it.each(["1", "2"])("runs it on a server, as Flyte %s does", async (flyte) => {
    await using project = await tickProject();
    await using server = await startServe(project.directory);
    await project.write("tick.json", tick({ ms: 100 }));
    await project.write("echo.pb", toBinary(flyteidl1.TaskTemplateSchema, template));
    const at = ["--endpoint", `localhost:${server.port}`, "--flyte", flyte];
    const async = await runCommand(project.directory, ["run", "tick.json", ...at]);
    expect(async).toMatchObject({ code: 0, stdout: "ticks: 3\n" });
    const sync = await runCommand(project.directory, ["run", "echo.pb", "--input", "n=5", ...at]);
    expect(sync).toMatchObject({ code: 0, stdout: "n: 5\n" });
  });

  it("reads YAML, JSON, a TaskSpec and a bare template", async () => {
    await using project = await tickProject();
    await project.write("task.json", JSON.stringify({ type: "echo" }));
    await project.write("task.yaml", "type: echo\n# nothing else is needed\n");
    const spec = create(flyteidl1.TaskSpecSchema, { template });
    await project.write("spec.pb", toBinary(flyteidl1.TaskSpecSchema, spec));
    await project.write("template.pb", toBinary(flyteidl1.TaskTemplateSchema, template));
    await project.write("inputs.yaml", "n: 9007199254740993\n");
    for (const file of ["task.json", "task.yaml"]) {
      expect(await runCommand(project.directory, ["run", file])).toMatchObject({ code: 0, stdout: "" });
    }
    for (const file of ["spec.pb", "template.pb"]) {
      const { code, stdout } = await runCommand(project.directory, ["run", file, "--inputs", "inputs.yaml"]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'n: "9007199254740993"\n' });
    }
  });

  it("prints one JSON object with --json", async () => {
    await using project = await tickProject();
    await project.write("task.json", tick({ ms: 10 }));
    const { code, stdout } = await runCommand(project.directory, ["run", "task.json", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      phase: "succeeded",
      outputs: { ticks: 3 },
      logLinks: [{ name: "Tick Console", uri: "https://ticks.example.com/1" }],
    });
  });

  it.each([
    ["failed", "failed after", "broke for good"],
    ["retryable_failed", "failed (Flyte may try again) after", "out of springs"],
  ])("ends with 1 when the task ends %s", async (end, phase, message) => {
    await using project = await tickProject();
    await project.write("task.json", tick({ ms: 10, end }));
    const { code, stderr, stdout } = await runCommand(project.directory, ["run", "task.json"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(phase);
    expect(stderr).toContain(message);
  });

  it("says by which code docs/errors.md has a failure", async () => {
    await using project = await tickProject();
    await project.write("task.json", tick({ ms: 10 }).replace("ticks", "tocks"));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /failed after .* s: output "ticks": the task does not declare it, it declares "tocks" \[invalid_output\]\n$/,
    );
  });

  it.each(["here", "on a server"])("deletes the job on Ctrl-C %s and ends with 130", async (where) => {
    await using project = await tickProject();
    const trace = join(project.directory, "trace");
    await project.write("task.json", tick({ ms: 60_000, trace }));
    await using server = await startServe(project.directory);
    const at = where === "here" ? [] : ["--endpoint", `localhost:${server.port}`];
    await using running = startCommand(project.directory, ["run", "task.json", ...at]);
    await running.printed(/ticking/);
    running.process.kill("SIGINT");
    running.process.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain("its job was deleted");
    expect(readFileSync(trace, "utf8")).toBe("deleted\n");
  });

  it("gives a plugin up that is still being set up, closes it, and ends with 130", async () => {
    await using project = await tickProject();
    const trace = join(project.directory, "trace");
    await project.addPlugin("flyte-agent-tick", {
      source: `
import { appendFileSync } from "node:fs";
import { once } from "node:events";
import { definePlugin } from "@flyte-agent/sdk";
export default definePlugin({
  async setup({ signal }) {
    console.error("setting up");
    const alive = setInterval(() => {}, 1_000);
    await once(signal, "abort");
    clearInterval(alive);
    appendFileSync(${JSON.stringify(trace)}, "set up, ");
    return [];
  },
  dispose: () => appendFileSync(${JSON.stringify(trace)}, "closed"),
});
`,
    });
    await project.write("task.json", tick({ ms: 10 }));
    await using running = startCommand(project.directory, ["run", "task.json"]);
    await running.printed(/setting up/);
    running.process.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect(stderr).toContain("interrupted; there is no job to delete");
    expect(code).toBe(130);
    expect(readFileSync(trace, "utf8")).toBe("set up, closed");
  });

  it("deletes the job when --timeout is over and ends with 1", async () => {
    await using project = await tickProject();
    const trace = join(project.directory, "trace");
    await project.write("task.json", tick({ ms: 60_000, trace }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json", "--timeout", "0.5"]);
    expect(code).toBe(1);
    expect(stderr).toContain("the time is up; its job was deleted");
    expect(existsSync(trace)).toBe(true);
  });

  it.each([
    ["garbage", new Uint8Array([1, 2, 3, 0, 250, 9]), /garbage: .*neither YAML or JSON nor a serialized/],
    ["no-type.pb", toBinary(flyteidl1.TaskTemplateSchema, { ...template, type: "" }), /task type/],
    ["broken.yaml", "type: a\n  b: c: d\n", /broken\.yaml: line \d+, column \d+: /],
    ["typo.yaml", "typ: echo\n", /typo\.yaml: typ: is not a known key, did you mean "type"\?/],
    ["unknown.yaml", "type: tock\n", /no agent serves task type tock@0; served here: echo@0, tick@0/],
    ["refused.yaml", "type: tick\ncustom: { ms: soon }\n", /custom\.ms: expected a number of milliseconds/],
  ])("refuses %s in one clear sentence", async (file, content, told) => {
    await using project = await tickProject();
    await project.write(file, content);
    const { code, stderr, stdout } = await runCommand(project.directory, ["run", file]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(told);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("shows once why polls fail when it is the agent's own code, which would go on for ever", async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    await project.addPlugin("flyte-agent-tick", {
      source: tickSource.replace("async get({ due, end }) {", '$&\n        throw new Error("a spring is loose");'),
    });
    await project.write("task.json", tick({ ms: 10 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json", "--timeout", "1.5"]);
    expect(code).toBe(1);
    expect(stderr.match(/Error: a spring is loose\n +at .*index\.js/g)).toHaveLength(1);
  });

  it("does not run with options for a plugin that is not there", async () => {
    await using project = await tickProject();
    await project.write("flyte-agent.config.yaml", "config: { tikc: { springs: 3 } }");
    await project.write("task.json", tick({ ms: 10 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^flyte-agent: config\["tikc"\]: no plugin has the id "tikc", did you mean "tick"\? /);
  });

  it("gives the server's SDK to a plugin in a directory that has none", async () => {
    await using project = await createProject();
    await using plugin = await createProject();
    await plugin.addPlugin("flyte-agent-tick");
    await rm(join(plugin.directory, "node_modules/@flyte-agent"), { recursive: true });
    await project.write("task.json", tick({ ms: 1 }));
    const modules = ["--modules", join(plugin.directory, "node_modules/flyte-agent-tick")];
    const { code, stdout } = await runCommand(project.directory, ["run", "task.json", ...modules]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "ticks: 3\n" });
  });

  it("names file and line of a plugin that cannot be parsed, and no server's log", async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    await project.addPlugin("flyte-agent-tick", { source: "export const a = 1;\nexport default {\n" });
    await project.write("task.json", tick({ ms: 1 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /flyte-agent: plugin "tick" could not be loaded: its module cannot be parsed: .* \(index\.js:\d\)/,
    );
    expect(stderr).toContain("SyntaxError: Unexpected");
    expect(stderr).not.toMatch(/server's log|node:internal/);
  });

  it("points to the error above where an agent throws", async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    const source = tickSource.replace(
      "async create({ custom }) {",
      '$&\n        throw new Error("a spring is loose");',
    );
    await project.addPlugin("flyte-agent-tick", { source });
    await project.write("task.json", tick({ ms: 10 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /Error: a spring is loose[\s\S]*failed unexpectedly; its error is shown above \[plugin_failed\]\n$/,
    );
  });

  it("takes --input and --modules before the file", async () => {
    await using project = await createProject();
    await project.addPlugin("flyte-agent-tick");
    const file = await project.write(
      "task.yaml",
      "type: echo\ninterface:\n  inputs: &v { variables: { n: { type: { simple: INTEGER } } } }\n  outputs: *v\n",
    );
    const args = ["run", "--modules", "flyte-agent-tick", "--input", "n=3", file];
    expect(await runCommand(project.directory, args)).toMatchObject({ code: 0, stdout: "n: 3\n" });
  });

  it("keeps the time-outs of the plugin's manifest", async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    const manifest = { ...tickManifest, timeouts: { import: 100 } };
    await project.addPlugin("flyte-agent-tick", {
      manifest,
      source: "await new Promise(() => setInterval(() => {}, 1000));",
    });
    await project.write("task.json", tick({ ms: 1 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toContain("importing the plugin's module took longer than 0.1 s");
  });

  it("says in one clear sentence that an option is wrong", async () => {
    await using project = await createProject(["flyte-agent-tick"]);
    await project.addPlugin("flyte-agent-tick", {
      source: tickSource.replace("definePlugin({", '$& options: job, optionKeys: ["springs"],'),
    });
    await project.write("flyte-agent.config.yaml", "config: { tick: { sprngs: 3 } }");
    await project.write("task.json", tick({ ms: 10 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toBe(
      'flyte-agent: plugin "tick" could not be loaded: config.tick.sprngs: no such option; did you mean "springs"? ' +
        "To fix it: correct config.tick in the configuration file and restart [plugin_unavailable]\n",
    );
  });

  it("gives a plugin that has the name of something of Object's no options but its own", async () => {
    await using project = await createProject(["flyte-agent-constructor"]);
    const source = tickSource
      .replace("definePlugin({", '$& options: job, optionKeys: ["springs"],')
      .replace("setup: () => [", 'setup: ({ options }) => console.error("options", JSON.stringify(options)) ?? [');
    await project.addPlugin("flyte-agent-constructor", { source });
    await project.write("task.json", tick({ ms: 1 }));
    const bare = await runCommand(project.directory, ["run", "task.json"]);
    expect(bare).toMatchObject({ code: 0, stderr: expect.stringContaining("options {}") });
    await project.write("flyte-agent.config.yaml", "config: { constructor: { springs: 3 } }");
    const configured = await runCommand(project.directory, ["run", "task.json"]);
    expect(configured).toMatchObject({ code: 0, stderr: expect.stringContaining('options {"springs":3}') });
  });

  it("tells which plugin that is installed would serve the task type", async () => {
    await using project = await createProject();
    await project.addPlugin("flyte-agent-tick");
    await project.write("task.json", tick({ ms: 1 }));
    const { code, stderr } = await runCommand(project.directory, ["run", "task.json"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/flyte-agent-tick declares it and is inactive.*npm install flyte-agent-tick/);
  });

  it("says that a server cannot be reached, and that a flag cannot be used", async () => {
    await using project = await tickProject();
    await project.write("task.json", tick({ ms: 1 }));
    const unreachable = await runCommand(project.directory, ["run", "task.json", "--endpoint", "localhost:1"]);
    expect(unreachable.code).toBe(1);
    expect(unreachable.stderr).toMatch(/^flyte-agent: no agent server answers at localhost:1 .*\n$/);
    for (const args of [
      ["--flyte", "3"],
      ["--input", "n"],
      ["--timeout", "-1"],
      ["--log-level", "loud"],
    ]) {
      expect((await runCommand(project.directory, ["run", "task.json", ...args])).code).toBe(2);
    }
    const { stderr } = await runCommand(project.directory, ["run", "--flyte", "3"]);
    expect(stderr.trimEnd()).toMatch(/\(see flyte-agent run --help\)$/);
    expect((await runCommand(project.directory, ["run", "nothing.yaml"])).stderr).toContain("there is no such file");
  });
});
