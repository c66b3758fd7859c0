import { chmodSync } from "node:fs";
import { join } from "node:path";
import { configFileNames, loadConfig } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject, type ProjectFile, pluginFiles } from "../discovery/make-project.ts";

const contents = {
  yaml: "server:\n  port: 1234\n",
  yml: "server:\n  port: 1234\n",
  json: '{"server": {"port": 1234}}',
  js: "export default { server: { port: 1234 } };",
  mjs: "export default { server: { port: 1234 } };",
  ts: "const port: number = 1234;\nexport default { server: { port } };",
  "": "server: { port: 1234 }",
};

describe("the configuration file", () => {
  it.each(configFileNames)("may be called %s", async (name) => {
    // The endings of the names are the keys above.
    const ending = name.replace(/^(flyte-agent\.config|\.flyte-agentrc)\.?/, "");
    const root = makeProject({ "package.json": "{}", [name]: contents[ending as keyof typeof contents] });
    const config = await loadConfig({ cwd: root, env: {} });
    expect(config.configFile).toBe(join(root, name));
    expect(config.server.port).toBe(1234);
  });

  it("may be CommonJS where the package is", async () => {
    const root = makeProject({
      "package.json": '{"type": "commonjs"}',
      "flyte-agent.config.js": "module.exports = { server: { port: 1234 } };",
    });
    expect((await loadConfig({ cwd: root, env: {} })).server.port).toBe(1234);
  });

  it("is searched from the working directory up to the app root, and not beyond", async () => {
    const root = makeProject({
      "flyte-agent.config.yaml": "server: { port: 1 }",
      "app/package.json": "{}",
      "app/a/b/": "",
      "app/a/flyte-agent.config.json": '{"server": {"port": 2}}',
      "bare/package.json": "{}",
      "bare/deep/": "",
    });
    const found = await loadConfig({ cwd: join(root, "app/a/b"), env: {} });
    expect(found).toMatchObject({ appRoot: join(root, "app"), server: { port: 2 } });
    const none = await loadConfig({ cwd: join(root, "bare/deep"), env: {} });
    expect(none).toMatchObject({ appRoot: join(root, "bare"), configFile: undefined, server: { port: 8000 } });
  });

  it("is named by --config, or by FLYTE_AGENT_CONFIG, and then not searched", async () => {
    const root = makeProject({
      "package.json": "{}",
      "flyte-agent.config.yaml": "server: { port: 1 }",
      "etc/flag.yaml": "server: { port: 2 }",
      "etc/env.json": '{"server": {"port": 3}}',
    });
    const env = { FLYTE_AGENT_CONFIG: join(root, "etc/env.json") };
    expect((await loadConfig({ cwd: root, env })).server.port).toBe(3);
    expect((await loadConfig({ cwd: root, env, configFile: "etc/flag.yaml" })).server.port).toBe(2);
    expect((await loadConfig({ cwd: root, env: { FLYTE_AGENT_CONFIG: "" } })).server.port).toBe(1);
    await expect(loadConfig({ cwd: root, env: {}, configFile: "no.yaml" })).rejects.toMatchObject({
      code: "invalid_config",
      message: `--config: there is no file ${join(root, "no.yaml")}`,
    });
    await expect(loadConfig({ cwd: root, env: { FLYTE_AGENT_CONFIG: "no.yaml" } })).rejects.toMatchObject({
      message: `FLYTE_AGENT_CONFIG: there is no file ${join(root, "no.yaml")}`,
    });
    await expect(loadConfig({ cwd: root, env: {}, configFile: "etc" })).rejects.toMatchObject({
      message: `${join(root, "etc")} cannot be read: it is a directory`,
    });
  });

  it("is not package.json, whose key is a plugin's manifest, nor a .config/config.yaml", async () => {
    const root = makeProject({
      ...pluginFiles(".", "flyte-agent-mine"),
      ".config/config.yaml": "flyte-agent: { server: { port: 1 } }\ncosmiconfig: { searchPlaces: [evil.yaml] }",
      "evil.yaml": "server: { port: 2 }",
    });
    const before = process.cwd();
    process.chdir(root);
    try {
      expect(await loadConfig({ cwd: root, env: {} })).toMatchObject({ configFile: undefined, server: { port: 8000 } });
    } finally {
      process.chdir(before);
    }
  });

  it("beside another one is taken with a warning", async () => {
    const root = makeProject({ "package.json": "{}", "flyte-agent.config.json": "{}", ".flyte-agentrc": "{}" });
    const config = await loadConfig({ cwd: root, env: {} });
    expect(config.warnings).toEqual([
      `${join(root, "flyte-agent.config.json")} is used, ${join(root, ".flyte-agentrc")} beside it is ignored`,
    ]);
  });

  it.each<[string, Record<string, ProjectFile>]>([
    ["JSON", { "flyte-agent.config.json": contents.json }],
    ["TypeScript", { "flyte-agent.config.ts": contents.ts }],
  ])("in %s needs no directory that can be written", async (_, files) => {
    const root = makeProject({ "package.json": "{}", ...files });
    chmodSync(root, 0o555);
    try {
      expect((await loadConfig({ cwd: root, env: {} })).server.port).toBe(1234);
    } finally {
      chmodSync(root, 0o755);
    }
  });
});
