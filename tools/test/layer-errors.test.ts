import { describe, expect, it } from "vitest";
import { layerErrors, type WorkspacePackage } from "../layers/layer-errors.ts";

const idl = workspacePackage("@flyte-agent/idl", "packages/idl", []);
const sdk = workspacePackage("@flyte-agent/sdk", "packages/sdk", ["@flyte-agent/idl"], [".", "./host"]);
const runtime = workspacePackage("@flyte-agent/runtime", "packages/runtime", ["@flyte-agent/sdk", "pino"]);
const testing = workspacePackage("@flyte-agent/testing", "packages/testing", ["@flyte-agent/runtime"]);
const plugin = workspacePackage("flyte-agent-a", "plugins/a", ["@flyte-agent/sdk", "valibot"]);
const otherPlugin = workspacePackage("flyte-agent-b", "plugins/b", ["@flyte-agent/sdk"]);
const e2e = workspacePackage("@flyte-agent/e2e", "e2e", ["flyte-agent-a", "@flyte-agent/runtime"]);
const everything = [idl, sdk, runtime, testing, plugin, otherPlugin, e2e];

function workspacePackage(name: string, directory: string, dependencies: string[], exports = ["."]): WorkspacePackage {
  return { name, directory, dependencies, devDependencies: ["vitest", "@flyte-agent/testing"], exports };
}

/** The errors of one file. */
function errorsOf(path: string, text: string): string[] {
  return layerErrors(everything, [{ path, text }]);
}

describe("layerErrors", () => {
  it.each([
    ["packages/sdk/src/a.ts", "@flyte-agent/idl"],
    ["packages/sdk/src/a.ts", "./b.ts"],
    ["packages/sdk/src/a.ts", "node:fs"],
    ["packages/sdk/test/a.test.ts", "@flyte-agent/sdk/host"],
    ["packages/sdk/test/a.test.ts", "vitest"],
    ["packages/runtime/src/a.ts", "@flyte-agent/sdk/host"],
    ["packages/runtime/src/a.ts", "pino"],
    ["packages/idl/src/index.ts", "../gen/a_pb.js"],
    ["plugins/a/src/index.ts", "valibot"],
    ["plugins/a/test/a.test.ts", "@flyte-agent/testing"],
    ["e2e/test/a.test.ts", "flyte-agent-a"],
    ["e2e/src/a.ts", "vitest"],
    ["e2e/test/a.test.ts", "../../plugins/a/test/stand-in.ts"],
  ])("lets %s import %s", (path, specifier) => {
    expect(errorsOf(path, `import "${specifier}";`)).toEqual([]);
  });

  it.each([
    ["packages/idl/src/a.ts", "@flyte-agent/sdk", "packages/idl may import none of our packages"],
    ["packages/sdk/src/a.ts", "@flyte-agent/runtime", "packages/sdk may import of our packages only @flyte-agent/idl"],
    ["packages/runtime/test/a.test.ts", "@flyte-agent/testing", "packages/runtime may import of our packages only"],
    ["plugins/a/src/a.ts", "@flyte-agent/runtime", "plugins/a may import of our packages only @flyte-agent/sdk"],
    ["plugins/a/src/a.ts", "@flyte-agent/testing", "plugins/a may import of our packages only @flyte-agent/sdk"],
    ["plugins/a/test/a.test.ts", "@flyte-agent/idl", "plugins/a may import of our packages only @flyte-agent/sdk, @f"],
    ["plugins/a/src/a.ts", "flyte-agent-b", "plugins/a may import of our packages only @flyte-agent/sdk"],
  ])("keeps %s from importing %s: the arrows", (path, specifier, reason) => {
    expect(errorsOf(path, `import "${specifier}";`)).toEqual([
      expect.stringContaining(`${path}:1 imports ${specifier}: ${reason}`),
    ]);
  });

  it.each([
    ["packages/runtime/src/a.ts", "@flyte-agent/sdk/dist/agent.js", "exports only ., ./host"],
    ["packages/runtime/test/a.test.ts", "@flyte-agent/runtime/dist/a.js", "exports only ."],
    ["packages/runtime/src/a.ts", "../../sdk/src/agent.ts", "outside packages/runtime"],
    ["packages/runtime/test/a.test.ts", "../../../plugins/webhook/test/server.ts", "outside packages/runtime"],
    ["e2e/test/a.test.ts", "../../plugins/webhook/src/agent.ts", "outside e2e"],
    ["packages/runtime/src/a.ts", "@flyte-agent/runtime", "its own files by relative path"],
    ["packages/runtime/src/a.ts", "../test/fake.ts", "what ships must not need what only tests have"],
    ["packages/runtime/src/a.ts", "vitest", "vitest is not declared; add it to the dependencies or peerDependencies"],
    ["packages/runtime/src/a.ts", "@scope/left-pad/sub", "@scope/left-pad is not declared"],
    [
      "packages/runtime/test/a.test.ts",
      "undici",
      "undici is not declared; add it to the dependencies or devDependencies",
    ],
    ["e2e/test/a.test.ts", "@flyte-agent/sdk", "@flyte-agent/sdk is not declared"],
  ])("keeps %s from importing %s", (path, specifier, reason) => {
    expect(errorsOf(path, `\nimport type { A } from "${specifier}";`)).toEqual([expect.stringContaining(reason)]);
  });

  it("finds a cycle of files, through types and re-exports too, and says where it closes", () => {
    const files = [
      { path: "packages/sdk/src/a.ts", text: 'import type { B } from "./b.ts";' },
      { path: "packages/sdk/src/b.ts", text: 'export * from "./deep/c.ts";' },
      { path: "packages/sdk/src/deep/c.ts", text: '\nexport type A = import("../a.ts").A;' },
      { path: "packages/sdk/src/outside.ts", text: 'import "./a.ts";' },
    ];
    expect(layerErrors(everything, files)).toEqual([
      "packages/sdk/src/deep/c.ts:2 imports ../a.ts: it closes the cycle " +
        "packages/sdk/src/a.ts -> packages/sdk/src/b.ts -> packages/sdk/src/deep/c.ts -> packages/sdk/src/a.ts",
    ]);
  });

  it("does not take a diamond for a cycle", () => {
    const files = [
      { path: "packages/sdk/src/a.ts", text: 'import "./b.ts"; import "./c.ts";' },
      { path: "packages/sdk/src/b.ts", text: 'import "./d.ts";' },
      { path: "packages/sdk/src/c.ts", text: 'import "./d.ts";' },
    ];
    expect(layerErrors(everything, files)).toEqual([]);
  });

  it("reads manifests: a plugin that depends on the runtime is refused before any import", () => {
    const bad = workspacePackage("flyte-agent-c", "plugins/c", ["@flyte-agent/runtime"]);
    expect(layerErrors([...everything, bad], [])).toEqual([
      "plugins/c/package.json depends on @flyte-agent/runtime: plugins/c may import of our packages only @flyte-agent/sdk",
    ]);
  });

  it("asks for a layer when a package is new", () => {
    const fresh = workspacePackage("@flyte-agent/fresh", "packages/fresh", []);
    expect(() => layerErrors([fresh], [])).toThrow("packages/fresh has no layer; add it to tools/layers/arrows.ts");
  });
});
