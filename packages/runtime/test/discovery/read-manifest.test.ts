import { readManifest } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";

const smallest = { manifestVersion: 1, apiVersion: 1, taskTypes: [{ name: "webhook" }] };

function problemsOf(manifest: unknown): readonly string[] {
  const result = readManifest({ "flyte-agent": manifest }, "flyte-agent-x");
  return result.kind === "invalid" ? result.problems : [`not invalid but ${result.kind}`];
}

describe("readManifest", () => {
  it("fills in the defaults of the smallest manifest", () => {
    expect(readManifest({ "flyte-agent": smallest }, "@acme/flyte-agent-web")).toEqual({
      kind: "manifest",
      manifest: {
        apiVersion: 1,
        id: "web",
        entry: undefined,
        agents: [{ category: { name: "webhook", version: 0 }, mode: "async", name: "web" }],
        displayName: undefined,
        docs: undefined,
        secrets: [],
        env: [],
        isolation: "inline",
        load: "warm",
        permissions: { net: [], fsRead: [], fsWrite: [], childProcess: false, nativeAddons: false },
        timeouts: { importMs: 10_000, activateMs: 30_000, requestMs: undefined },
      },
    });
  });

  it("takes every field", () => {
    const manifest = {
      $schema: "https://example.com/manifest.schema.json",
      ...smallest,
      id: "my-plugin",
      entry: "./dist/plugin.js",
      taskTypes: [{ name: "webhook", version: 2, mode: "sync", agent: "Webhook Connector" }, { name: "other" }],
      displayName: "Web",
      docs: "https://example.com",
      secrets: ["TOKEN"],
      env: ["HTTPS_PROXY"],
      isolation: "process",
      load: "lazy",
      permissions: { net: ["*.example.com"], fsRead: ["/a"], fsWrite: ["/b"], childProcess: true, nativeAddons: true },
      timeouts: { import: 1, activate: 2, request: 3 },
      "x-anything": { goes: true },
    };
    const result = readManifest({ "flyte-agent": manifest }, "flyte-agent-x");
    expect(result).toMatchObject({
      kind: "manifest",
      manifest: {
        id: "my-plugin",
        entry: "./dist/plugin.js",
        agents: [
          { category: { name: "webhook", version: 2 }, mode: "sync", name: "Webhook Connector" },
          { category: { name: "other", version: 0 }, mode: "async", name: "Web" },
        ],
        timeouts: { importMs: 1, activateMs: 2, requestMs: 3 },
        permissions: { childProcess: true },
      },
    });
  });

  it.each([
    ["flyte-agent-bigquery", "bigquery"],
    ["@acme/flyte-agent-b", "b"],
    ["@acme/other", "other"],
    ["flyte-agent-some.dots_x", "some-dots-x"],
    ["flyte-agent-7zip", "p-7zip"],
  ])("derives the id of %s: %s", (packageName, id) => {
    expect(readManifest({ "flyte-agent": smallest }, packageName)).toMatchObject({ manifest: { id } });
  });

  it("finds none without the key, whatever is inherited", () => {
    expect(readManifest({ name: "x" }, "x")).toEqual({ kind: "none" });
    expect(readManifest(Object.create({ "flyte-agent": smallest }), "x")).toEqual({ kind: "none" });
  });

  it("knows a manifest of a newer version, whatever else it holds", () => {
    const newer = { manifestVersion: 2, somethingNew: true };
    expect(readManifest({ "flyte-agent": newer }, "x")).toEqual({
      kind: "unknown-version",
      version: 2,
      claimedId: "x",
    });
  });

  it.each([
    [{ ...smallest, taskType: [] }, 'flyte-agent.taskType is not a known key, did you mean "taskTypes"?'],
    [
      { ...smallest, taskTypes: [{ name: "a" }, { name: "b", versoin: 1 }] },
      'flyte-agent.taskTypes[1].versoin is not a known key, did you mean "version"?',
    ],
    [
      { ...smallest, permissions: { network: [] } },
      'flyte-agent.permissions.network is not a known key, did you mean "net"?',
    ],
    [
      { ...smallest, timeouts: { zzzzzzzzzzz: 1 } },
      "flyte-agent.timeouts.zzzzzzzzzzz is not a known key: known are import, activate, request",
    ],
    [
      { ...smallest, constructor: 1 },
      "flyte-agent.constructor is not a known key: known are $schema, manifestVersion, apiVersion, id, entry, " +
        "taskTypes, displayName, docs, secrets, env, isolation, load, permissions, timeouts",
    ],
    [JSON.parse('{"__proto__": {}}'), "flyte-agent.__proto__ must not have the name __proto__"],
    [
      JSON.parse('{"permissions": {"net": [{"__proto__": 1}]}}'),
      "flyte-agent.permissions.net[0].__proto__ must not have the name __proto__",
    ],
    ["./manifest.json", 'flyte-agent: got "./manifest.json", expected an object'],
    [null, "flyte-agent: got null, expected an object"],
    [[], "flyte-agent: got a list, expected an object"],
    [{ apiVersion: 1, taskTypes: smallest.taskTypes }, "flyte-agent.manifestVersion is missing"],
    [{ manifestVersion: 1, taskTypes: smallest.taskTypes }, "flyte-agent.apiVersion is missing"],
    [{ manifestVersion: 1, apiVersion: 1 }, "flyte-agent.taskTypes is missing"],
    [{ ...smallest, manifestVersion: "1" }, 'flyte-agent.manifestVersion: got "1", expected 1'],
    [{ ...smallest, apiVersion: 1.5 }, "flyte-agent.apiVersion: got 1.5, expected a whole number from 1 to 1000000"],
    [{ ...smallest, taskTypes: [] }, "flyte-agent.taskTypes: got a list, expected at least one task type"],
    [{ ...smallest, taskTypes: ["a"] }, 'flyte-agent.taskTypes[0]: got "a", expected an object with a name'],
    [{ ...smallest, taskTypes: [{}] }, "flyte-agent.taskTypes[0].name is missing"],
    [
      { ...smallest, taskTypes: [{ name: "a", mode: "sensor" }] },
      'flyte-agent.taskTypes[0].mode: got "sensor", expected one of async, sync',
    ],
    [
      { ...smallest, taskTypes: [{ name: "a", version: -1 }] },
      "flyte-agent.taskTypes[0].version: got -1, expected a whole number from 0 to 2147483647",
    ],
    [
      { ...smallest, taskTypes: [{ name: "a" }, { name: "a", version: 0 }] },
      "flyte-agent.taskTypes[1]: a@0 is declared twice",
    ],
    [
      { ...smallest, id: "Big Query" },
      'flyte-agent.id: got "Big Query", expected lower-case letters, digits and dashes, at most 63, a letter first',
    ],
    [
      { ...smallest, entry: "./../x.js" },
      'flyte-agent.entry: got "./../x.js", expected a path inside the package that starts with "./"',
    ],
    [
      { ...smallest, entry: "/etc/passwd" },
      'flyte-agent.entry: got "/etc/passwd", expected a path inside the package that starts with "./"',
    ],
  ])("refuses %j", (manifest, problem) => {
    expect(problemsOf(manifest)).toEqual([problem]);
  });

  it("names everything that is wrong", () => {
    expect(problemsOf({ ...smallest, isolation: "vm", loed: "lazy" })).toEqual([
      'flyte-agent.isolation: got "vm", expected one of inline, worker, process',
      'flyte-agent.loed is not a known key, did you mean "load"?',
    ]);
  });
});
