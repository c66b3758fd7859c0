import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeProject, type ProjectFile, pluginFiles } from "../discovery/make-project.ts";
import { type PlanChanges, planProject, summary } from "./plan-project.ts";

const name = "flyte-agent-x";
const directory = `node_modules/${name}`;

async function verdictOf(files: Record<string, ProjectFile>, changes?: PlanChanges): Promise<string> {
  const root = makeProject({ "package.json": { json: { dependencies: { [name]: "1" } } }, ...files });
  const [line, ...more] = summary(await planProject(root, changes));
  expect(more).toEqual([]);
  return (line ?? "nothing").replace(`${name} `, "").replaceAll(root, "ROOT");
}

function plugin(manifest: object = {}, packageJson: object = {}): Record<string, ProjectFile> {
  return pluginFiles(directory, name, manifest, packageJson);
}

describe("package files", () => {
  const reinstall = " -> install the package again";
  const manifest = `"flyte-agent":{"manifestVersion":1,"apiVersion":1,"taskTypes":[{"name":"t"}]}`;

  it.each<[string, ProjectFile, string]>([
    ["with a byte order mark", `\uFEFF{${manifest},"main":"package.json"}`, "accepted"],
    [
      "larger than 1 MiB",
      `{${manifest},"main":"package.json","x":"${"x".repeat(2 * 1024 * 1024)}"}`,
      `rejected unreadable: its package.json is larger than 1 MiB${reinstall}`,
    ],
    [
      "that is not JSON",
      `{${manifest},}`,
      "rejected unreadable: its package.json is not valid JSON: Expected double-quoted property name in JSON at " +
        `position 79 (line 1 column 80)${reinstall}`,
    ],
    ["that is a list", `["flyte-agent"]`, `rejected unreadable: its package.json does not hold an object${reinstall}`],
  ])("%s", async (_, content, verdict) => {
    expect(await verdictOf({ [`${directory}/package.json`]: content })).toBe(verdict);
  });

  it("that is a directory", async () => {
    expect(await verdictOf({ [`${directory}/package.json/`]: "" })).toBe(
      `rejected unreadable: its package.json cannot be read: it is a directory${reinstall}`,
    );
  });

  it("that is a link to itself", async () => {
    expect(await verdictOf({ [`${directory}/package.json`]: { link: "package.json" } })).toBe(
      `rejected unreadable: its package.json cannot be read: its symbolic links form a circle${reinstall}`,
    );
  });

  it("that is missing, in a directory that was listed", async () => {
    const root = makeProject({ "package.json": "{}", "empty/": "" });
    expect(summary(await planProject(root, { plugins: { list: [join(root, "empty")] } }))).toEqual([
      "empty rejected unreadable: there is no package.json in empty -> name the directory of a plugin package",
    ]);
  });
});

describe("manifests", () => {
  it("are asked of a package that is named like a plugin, and of one that was listed", async () => {
    const verdict =
      'rejected no-manifest: it is no plugin: its package.json has no "flyte-agent" object' +
      " -> check the name, or ask its author for a release with a manifest";
    expect(await verdictOf({ [`${directory}/package.json`]: "{}" })).toBe(verdict);
    expect(await verdictOf({ [`${directory}/package.json`]: { json: { dependencies: { "flyte-agent": "1" } } } })).toBe(
      verdict,
    );
    const root = makeProject({ "package.json": "{}", "node_modules/listed/package.json": "{}" });
    expect(summary(await planProject(root, { plugins: { list: ["listed"] } }))).toEqual([`listed ${verdict}`]);
  });

  it("with mistakes name each place", async () => {
    expect(await verdictOf(plugin({ taskTypes: [{ name: "a", mod: "sync" }], apiVersion: "1" }))).toBe(
      'rejected invalid-manifest: flyte-agent.apiVersion: got "1", expected a whole number from 1 to 1000000; ' +
        'flyte-agent.taskTypes[0].mod is not a known key, did you mean "mode"?' +
        " -> correct the manifest in the plugin's package.json",
    );
  });

  it("of a newer format ask for a newer runtime", async () => {
    expect(await verdictOf(plugin({ manifestVersion: 7 }))).toBe(
      "rejected unknown-manifest-version: its manifest is of version 7, this runtime knows version 1" +
        " -> npm install flyte-agent@latest",
    );
  });
});

describe("compatibility", () => {
  it("refuses a contract that this runtime lacks", async () => {
    expect(await verdictOf(plugin({ apiVersion: 2 }))).toBe(
      "rejected unsupported-api-version: it needs apiVersion 2, this runtime offers 1 to 1" +
        " -> npm install flyte-agent@latest",
    );
  });

  it("compares the version of Node", async () => {
    const files = plugin({}, { engines: { node: ">=24" } });
    expect(await verdictOf(files, { nodeVersion: "22.18.0" })).toBe(
      "rejected node-version: it needs Node >=24, this is 22.18.0 -> start with a Node of that range " +
        "(npm install node@24 in the app root makes npx use it)",
    );
    expect(await verdictOf(files, { nodeVersion: "24.0.0-nightly" })).toBe("accepted");
    expect(await verdictOf(plugin({}, { engines: { node: "something" } }))).toBe("accepted");
    expect(await verdictOf(plugin({}, { engines: "24" }))).toBe("accepted");
  });

  it("warns of another SDK than this one, and of one that the plugin brings", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { [name]: "1", "flyte-agent-own": "1" } } },
      ...plugin({}, { peerDependencies: { "@flyte-agent/sdk": "^99.0.0" } }),
      ...pluginFiles(
        "node_modules/flyte-agent-own",
        "flyte-agent-own",
        {},
        {
          dependencies: { "@flyte-agent/sdk": "1" },
        },
      ),
    });
    const plan = await planProject(root);
    expect(plan.warnings).toEqual([
      "flyte-agent-own brings its own @flyte-agent/sdk: its author should make it a peer dependency",
      expect.stringMatching(
        /^flyte-agent-x was made for @flyte-agent\/sdk \^99\.0\.0, this is \d+\.\d+\.\d+: it may need an update$/,
      ),
    ]);
    expect(plan.owners.size).toBe(2);
  });
});

it("a plugin that asks for isolation is served with a warning", async () => {
  const root = makeProject({
    "package.json": { json: { dependencies: { [name]: "1" } } },
    ...plugin({ id: "wild", isolation: "process" }),
  });
  const plan = await planProject(root);
  expect(plan.warnings).toEqual([expect.stringMatching(/^plugin "wild" asks for isolation "process"/)]);
  expect(plan.owners.size).toBe(1);
});

describe("the module of a plugin", () => {
  const built = " -> build the plugin, or install it again";

  it.each<[string, object, object, string]>([
    ["entry", { entry: "./dist/plugin.js" }, {}, "dist/plugin.js"],
    ["exports as a string", {}, { exports: "./dist/plugin.js" }, "dist/plugin.js"],
    [
      "exports by conditions",
      {},
      { exports: { types: "./a.d.ts", import: { node: "./dist/plugin.js" } } },
      "dist/plugin.js",
    ],
    [
      "exports of the main entry",
      {},
      { exports: { ".": { require: "./index.js", default: "./dist/plugin.js" } } },
      "dist/plugin.js",
    ],
    [
      "exports of its own entry",
      {},
      { exports: { ".": "./index.js", "./flyte-agent": ["bad", { default: "./dist/plugin.js" }] } },
      "dist/plugin.js",
    ],
    ["main", {}, { exports: undefined, main: "dist/plugin.js" }, "dist/plugin.js"],
    ["main without ending", {}, { exports: undefined, main: "dist/plugin" }, "dist/plugin.js"],
    ["main that is a directory", {}, { exports: undefined, main: "lib" }, "lib/index.js"],
    ["nothing", {}, { exports: undefined }, "index.js"],
  ])("comes from %s", async (_, manifest, packageJson, file) => {
    const root = makeProject({
      "package.json": { json: { dependencies: { [name]: "1" } } },
      ...plugin(manifest, packageJson),
      [`${directory}/dist/plugin.js`]: "",
      [`${directory}/lib/index.js`]: "",
    });
    expect((await planProject(root)).entries[0]?.entryFile).toBe(join(root, directory, file));
  });

  it.each<[object, object, string]>([
    [
      { entry: "./absent.js" },
      {},
      `rejected entry-not-found: entry of its manifest names ./absent.js, which is not there${built}`,
    ],
    [
      { entry: "./dist" },
      {},
      `rejected entry-not-found: entry of its manifest names ./dist, which is not there${built}`,
    ],
    [
      {},
      { exports: { "./other": "./index.js" } },
      `rejected entry-not-found: exports of its package.json names no module that can be imported${built}`,
    ],
    [
      {},
      { exports: { require: "./index.js" } },
      `rejected entry-not-found: exports of its package.json names no module that can be imported${built}`,
    ],
    [
      {},
      { exports: "./../../outside.js" },
      "rejected entry-not-found: exports of its package.json names ./../../outside.js, which leads out of the " +
        `package${built}`,
    ],
    [
      { entry: "./link.js" },
      {},
      `rejected entry-not-found: entry of its manifest names ./link.js, which leads out of the package${built}`,
    ],
    [
      {},
      { exports: undefined, main: "../../outside.js" },
      `rejected entry-not-found: main of its package.json names ../../outside.js, which leads out of the package${built}`,
    ],
  ])("must be there and inside of the package: %j %j", async (manifest, packageJson, verdict) => {
    const files = {
      "outside.js": "",
      ...plugin(manifest, packageJson),
      [`${directory}/link.js`]: { link: "../../outside.js" },
      [`${directory}/dist/`]: "",
    };
    expect(await verdictOf(files)).toBe(verdict);
  });
});

describe("what the configuration wants", () => {
  it.each<[PlanChanges["plugins"] & object, string]>([
    [{ disabled: ["x"] }, 'disabled disabled-by-config: plugins.disabled has "x" -> remove "x" from plugins.disabled'],
    [
      { disabled: [name] },
      `disabled disabled-by-config: plugins.disabled has "${name}" -> remove "${name}" from plugins.disabled`,
    ],
    [{ deny: ["flyte-*"] }, 'disabled denied: plugins.deny has "flyte-*" -> remove "flyte-*" from plugins.deny'],
    [{ deny: ["x"], allow: ["x"] }, 'disabled denied: plugins.deny has "x" -> remove "x" from plugins.deny'],
    [
      { allow: ["y", "@acme/*"] },
      `disabled not-allowed: plugins.allow has no pattern that fits it -> add "${name}" to plugins.allow`,
    ],
    [{ allow: ["y", "*agent*x"] }, "accepted"],
    [{ allow: ["*"] }, "accepted"],
    [{ deny: ["flyte-agent-x*x"] }, "accepted"],
  ])("%j", async (plugins, verdict) => {
    expect(await verdictOf(plugin(), { plugins })).toBe(verdict);
  });

  it("comes before what is wrong with a plugin", async () => {
    expect(await verdictOf(plugin({ apiVersion: 9 }), { plugins: { disabled: ["x"] } })).toContain(
      "disabled-by-config",
    );
    expect(await verdictOf(plugin({ id: 9 }), { plugins: { disabled: [name] } })).toContain("disabled-by-config");
  });

  it("is known of a plugin whose manifest has a mistake by the id that it claims", async () => {
    const broken = plugin({ id: "sensor", taskTypes: [{ nam: "x" }] });
    expect(await verdictOf(broken, { plugins: { disabled: ["sensor"] } })).toContain("disabled-by-config");
  });
});
