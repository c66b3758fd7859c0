import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeProject, pluginFiles } from "./make-project.ts";

/** What Yarn's `.pnp.cjs` does, as far as it matters: one plugin with peers, in a virtual place and in a real one. */
const pnp = `
const nodeModule = require("node:module");
const at = (name) => require("node:path").join(__dirname, name) + "/";
const places = { "app@": __dirname + "/", "flyte-agent-a@virtual:1": at("virtual/a"), "flyte-agent-a@1": at("a"), "b@1": at("b") };
const key = ({ name, reference }) => name + "@" + (reference ?? "");
process.versions.pnp = "3";
nodeModule.findPnpApi = () => ({
  findPackageLocator: () => ({ name: "app", reference: null }),
  getPackageInformation: (locator) => ({
    packageLocation: places[key(locator)],
    packageDependencies: new Map([["flyte-agent-a", "virtual:1"], ["missing-peer", null]]),
  }),
  getLocator: (name, reference) => ({ name, reference }),
  getAllLocators: () => [
    { name: null, reference: null },
    { name: "b", reference: "1" },
    { name: "flyte-agent-a", reference: "1" },
    { name: "flyte-agent-a", reference: "virtual:1" },
  ],
  resolveVirtual: (path) => (path === places["flyte-agent-a@virtual:1"] ? places["flyte-agent-a@1"] : null),
});
`;

describe("Yarn Plug'n'Play", () => {
  it("tells where packages are; one with peers is the one that the app root gets", () => {
    const root = makeProject({
      "package.json": { json: { name: "app", dependencies: { "flyte-agent-a": "1", "flyte-agent-gone": "1" } } },
      ".pnp.cjs": pnp,
      ...pluginFiles("a", "flyte-agent-a"),
      ...pluginFiles("virtual/a", "flyte-agent-a"),
      ...pluginFiles("b", "b"),
      "plan.mjs": `
        import { loadConfig, createPlan, completePlan } from ${JSON.stringify(import.meta.resolve("@flyte-agent/runtime"))};
        const config = await loadConfig({ cwd: import.meta.dirname, env: {} });
        const { entries } = completePlan(createPlan({ appRoot: config.appRoot, config }));
        console.log(JSON.stringify(entries.map(({ candidate, verdict }) => [candidate.directory, verdict.kind])));
      `,
    });
    const output = execFileSync(process.execPath, ["--require", "./.pnp.cjs", "plan.mjs"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(JSON.parse(output)).toEqual([
      [join(root, "virtual/a"), "accepted"],
      [join(root, "node_modules/flyte-agent-gone"), "rejected"],
      [join(root, "b"), "inactive"],
    ]);
  });
});
