import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeProject, type ProjectFile, pluginFiles } from "../discovery/make-project.ts";
import { planProject, summary } from "./plan-project.ts";

const modules = "node_modules";

describe("createPlan", () => {
  it("accepts the direct dependencies that declare a plugin, in code-unit order, and nothing else", async () => {
    const root = makeProject({
      "package.json": {
        json: {
          dependencies: {
            "flyte-agent-web": "1",
            "plain-library": "1",
            "flyte-agent": "1",
            "@flyte-agent/sdk": "1",
            "@acme/flyte-agent-b": "1",
            "Other.Name": "1",
          },
          optionalDependencies: { "flyte-agent-optional": "1", "flyte-agent-optional-missing": "1" },
          devDependencies: { "flyte-agent-dev": "1" },
        },
      },
      ...pluginFiles(`${modules}/flyte-agent-web`, "flyte-agent-web"),
      ...pluginFiles(`${modules}/@acme/flyte-agent-b`, "@acme/flyte-agent-b"),
      ...pluginFiles(`${modules}/Other.Name`, "Other.Name"),
      ...pluginFiles(`${modules}/flyte-agent-optional`, "flyte-agent-optional"),
      ...pluginFiles(`${modules}/flyte-agent-dev`, "flyte-agent-dev"),
      ...pluginFiles(`${modules}/transitive`, "transitive"),
      ...pluginFiles(`${modules}/flyte-agent`, "flyte-agent"),
      ...pluginFiles(`${modules}/@flyte-agent/sdk`, "@flyte-agent/sdk"),
      [`${modules}/plain-library/package.json`]: { json: { dependencies: { "flyte-agent": "1" } } },
    });
    const plan = await planProject(root);
    expect(summary(plan)).toEqual([
      "@acme/flyte-agent-b accepted",
      "Other.Name accepted",
      "flyte-agent-optional accepted",
      "flyte-agent-web accepted",
    ]);
    expect(plan.discovery).toBe("auto");
    expect(plan.entries[0]).toMatchObject({
      candidate: {
        packageName: "@acme/flyte-agent-b",
        pluginId: "b",
        packageVersion: "1.2.3",
        directory: join(root, modules, "@acme/flyte-agent-b"),
        source: "dependency",
      },
      entryFile: join(root, modules, "@acme/flyte-agent-b/index.js"),
      manifest: { id: "b" },
      trace: [
        { step: "found", outcome: "a dependency of the app root, in node_modules/@acme/flyte-agent-b" },
        { step: "manifest", outcome: 'plugin "b"' },
        { step: "configuration", outcome: "allowed" },
        { step: "compatibility", outcome: "fits this runtime" },
        { step: "module", outcome: "node_modules/@acme/flyte-agent-b/index.js" },
      ],
    });
    expect([...plan.owners]).toEqual([
      ["Other.Name_task@0", "other-name"],
      ["b_task@0", "b"],
      ["optional_task@0", "optional"],
      ["web_task@0", "web"],
    ]);
    expect(plan.warnings).toEqual([]);
  });

  it("follows symbolic links, also out of the app root, and reports those that lead nowhere", async () => {
    const root = makeProject({
      ...pluginFiles("elsewhere/linked", "flyte-agent-linked"),
      ...pluginFiles("store/flyte-agent-pnpm", "flyte-agent-pnpm"),
      "app/package.json": {
        json: { dependencies: { "flyte-agent-linked": "1", "flyte-agent-pnpm": "1", "flyte-agent-gone": "1" } },
      },
      "app/node_modules/flyte-agent-linked": { link: "../../elsewhere/linked" },
      "app/node_modules/flyte-agent-pnpm": { link: "../../store/flyte-agent-pnpm" },
      "app/node_modules/flyte-agent-gone": { link: "../../nowhere" },
    });
    const plan = await planProject(join(root, "app"));
    expect(summary(plan)).toEqual([
      "flyte-agent-gone rejected not-found: it is not installed: no node_modules from the app root upwards has it" +
        " -> npm install flyte-agent-gone",
      "flyte-agent-linked accepted",
      "flyte-agent-pnpm accepted",
    ]);
    expect(plan.entries[1]?.entryFile).toBe(join(root, "elsewhere/linked/index.js"));
  });

  it("looks into node_modules above the app root, as in a workspace", async () => {
    const root = makeProject({
      ...pluginFiles(`${modules}/flyte-agent-up`, "flyte-agent-up"),
      "packages/member/package.json": { json: { dependencies: { "flyte-agent-up": "1" } } },
    });
    const plan = await planProject(join(root, "packages/member"));
    expect(summary(plan)).toEqual(["flyte-agent-up accepted"]);
  });

  it("activates what is listed, by name and by path, first and in that order", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-a": "1", "flyte-agent-z": "1" } } },
      ...pluginFiles(`${modules}/flyte-agent-a`, "flyte-agent-a"),
      ...pluginFiles(`${modules}/flyte-agent-z`, "flyte-agent-z"),
      ...pluginFiles(`${modules}/transitive`, "transitive"),
      ...pluginFiles("local/mine", "mine"),
      ...pluginFiles("local/flag", "flag"),
    });
    const plan = await planProject(root, {
      plugins: {
        list: ["transitive", join(root, "local/mine"), "flyte-agent-z", "absent", join(root, "local/absent")],
      },
      modules: ["./local/flag", "flyte-agent-a"],
    });
    expect(summary(plan)).toEqual([
      "transitive accepted",
      "mine accepted",
      "flyte-agent-z accepted",
      "absent rejected not-found: it is not installed: no node_modules from the app root upwards has it" +
        " -> npm install absent",
      "absent rejected not-found: there is no directory local/absent -> correct the path",
      "flag accepted",
      "flyte-agent-a accepted",
    ]);
    expect(plan.entries.map(({ candidate }) => candidate.source)).toEqual([
      "config",
      "config",
      "config",
      "config",
      "config",
      "modules-flag",
      "modules-flag",
    ]);
  });

  it("names packages as they are installed, whatever they call themselves", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-alias": "npm:@acme/flyte-agent-real@1" } } },
      ...pluginFiles(`${modules}/flyte-agent-alias`, "@acme/flyte-agent-real"),
    });
    const plan = await planProject(root, { plugins: { allow: ["@acme/*"] } });
    expect(summary(plan)).toEqual([
      "flyte-agent-alias disabled not-allowed: plugins.allow has no pattern that fits it" +
        ' -> add "flyte-agent-alias" to plugins.allow',
    ]);
  });

  it("takes everything that can be seen where there is no package.json, the nearest copy first", async () => {
    const root = makeProject({
      ...pluginFiles(`${modules}/flyte-agent-up`, "flyte-agent-up"),
      ...pluginFiles(`${modules}/flyte-agent-both`, "flyte-agent-both"),
      ...pluginFiles(`image/${modules}/flyte-agent-both`, "flyte-agent-both"),
      ...pluginFiles(`image/${modules}/@s/plugin`, "@s/plugin"),
      ...pluginFiles(`image/${modules}/.hidden`, "hidden"),
      ...pluginFiles(`image/${modules}/@s/.hidden`, "hidden"),
      [`image/${modules}/library/package.json`]: "{}",
      [`image/${modules}/no-package/`]: "",
      [`image/${modules}/file.txt`]: "",
      [`image/${modules}/dangling`]: { link: "nowhere" },
      [`image/${modules}/flyte-agent-tool/package.json`]: "{}",
    });
    const plan = await planProject(join(root, "image"));
    expect(plan.discovery).toBe("scan");
    expect(summary(plan)).toEqual([
      "@s/plugin accepted",
      "flyte-agent-both accepted",
      "flyte-agent-both inactive shadowed: another copy of this package comes first: node_modules/flyte-agent-both" +
        " -> remove one of the two, or name the directory of the one to use under plugins.list",
      'flyte-agent-tool rejected no-manifest: it is no plugin: its package.json has no "flyte-agent" object' +
        " -> check the name, or ask its author for a release with a manifest",
      "flyte-agent-up accepted",
    ]);
    expect(plan.entries[1]?.candidate.directory).toBe(join(root, "image", modules, "flyte-agent-both"));
  });

  it("scans beside the dependencies if the configuration says so", async () => {
    const root = makeProject({
      "package.json": { json: { dependencies: { "flyte-agent-b": "1" } } },
      ...pluginFiles(`${modules}/flyte-agent-b`, "flyte-agent-b"),
      ...pluginFiles(`${modules}/flyte-agent-a`, "flyte-agent-a"),
    });
    const plan = await planProject(root, { plugins: { discovery: "scan" } });
    expect(plan.entries.map(({ candidate }) => `${candidate.packageName} ${candidate.source}`)).toEqual([
      "flyte-agent-a scan",
      "flyte-agent-b dependency",
    ]);
  });

  it("gives the same plan whatever the order in which things were created", async () => {
    const names = [
      "flyte-agent-c",
      "@z/flyte-agent-a",
      "Flyte-agent-B",
      "flyte-agent-ä",
      "flyte-agent-10",
      "flyte-agent-9",
    ];
    const project = (order: readonly string[]): Record<string, ProjectFile> =>
      Object.assign(
        { "package.json": { json: { dependencies: Object.fromEntries(order.map((name) => [name, "1"])) } } },
        ...order.map((name) => pluginFiles(`${modules}/${name}`, name, { id: `p${names.indexOf(name)}` })),
      );
    for (const discovery of ["auto", "scan"] as const) {
      const first = makeProject(project(names));
      const second = makeProject(project([...names].reverse()));
      const one = await planProject(first, { plugins: { discovery } });
      const two = await planProject(second, { plugins: { discovery } });
      const text = (plan: typeof one, root: string) => JSON.stringify([plan, [...plan.owners]]).replaceAll(root, "");
      expect(text(one, first)).toBe(text(two, second));
      expect(one.entries.map(({ candidate }) => candidate.packageName)).toEqual([
        "@z/flyte-agent-a",
        "Flyte-agent-B",
        "flyte-agent-10",
        "flyte-agent-9",
        "flyte-agent-c",
        "flyte-agent-ä",
      ]);
    }
  });

  it("is quick for 200 plugins", async () => {
    const names = Array.from({ length: 200 }, (_, at) => `flyte-agent-p${at}`);
    const root = makeProject(
      Object.assign(
        { "package.json": { json: { dependencies: Object.fromEntries(names.map((name) => [name, "1"])) } } },
        ...names.map((name) => pluginFiles(`${modules}/${name}`, name, {}, { engines: { node: ">=22.18" } })),
      ),
    );
    await planProject(root);
    const start = performance.now();
    const plan = await planProject(root);
    console.log(`plan of 200 plugins: ${(performance.now() - start).toFixed(1)} ms`);
    expect(plan.owners.size).toBe(200);
  });
});

describe("createPlan with an app root that cannot be used", () => {
  it.each<[string, Record<string, ProjectFile>, string]>([
    [
      "a directory",
      { "package.json/": "" },
      "cannot be read: it is a directory: it names the plugins, so it is needed",
    ],
    ["not JSON", { "package.json": "{" }, "is not valid JSON: "],
    ["a list", { "package.json": "[]" }, "does not hold an object: it names the plugins, so it is needed"],
  ])("refuses a package.json that is %s", async (_, files, message) => {
    const root = makeProject(files);
    await expect(planProject(root)).rejects.toMatchObject({
      code: "invalid_config",
      message: expect.stringContaining(`${join(root, "package.json")} ${message}`),
    });
  });

  it("does not trip over odd dependencies", async () => {
    const root = makeProject({ "package.json": { json: { dependencies: ["a"], optionalDependencies: null } } });
    expect(summary(await planProject(root))).toEqual([]);
  });

  it("says how to start a project of Yarn Plug'n'Play", async () => {
    const root = makeProject({ "package.json": "{}", ".pnp.cjs": "", "node_modules/.cache/": "" });
    await expect(planProject(root)).rejects.toMatchObject({
      code: "invalid_config",
      message:
        `${join(root, ".pnp.cjs")} shows that Yarn Plug'n'Play installed this project, but Node was started without ` +
        "it: start with `yarn node` or `yarn run`, or set NODE_OPTIONS='--require ./.pnp.cjs --experimental-loader ./.pnp.loader.mjs'",
    });
  });

  it("ignores a .pnp.cjs beside or above a node_modules that is in use", async () => {
    const root = makeProject({
      ".pnp.cjs": "",
      "app/package.json": "{}",
      "app/.pnp.cjs": "",
      "app/node_modules/x/": "",
    });
    expect(summary(await planProject(join(root, "app")))).toEqual([]);
  });
});
