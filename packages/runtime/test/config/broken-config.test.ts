import { chmodSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject, type ProjectFile } from "../discovery/make-project.ts";

/** What is wrong with a configuration file, `FILE` standing for its path. */
async function problemWith(name: string, content: ProjectFile): Promise<string> {
  const root = makeProject({ "package.json": "{}", [name]: content });
  try {
    await loadConfig({ cwd: root, env: {} });
  } catch (error) {
    expect(error).toMatchObject({ name: "AgentError", code: "invalid_config" });
    return (error as Error).message.replaceAll(join(root, name), "FILE");
  }
  return "nothing";
}

/** Root may read everything: whoever runs the tests as root is somebody else for this one. */
async function asNobody<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return action();
  process.seteuid?.(65534);
  try {
    return await action();
  } finally {
    process.seteuid?.(0);
  }
}

describe("a configuration file that cannot be parsed", () => {
  it.each<[string, string, string]>([
    [
      "yaml",
      "server:\n  port: 80\n   host: x\n",
      'FILE:3:8: not valid YAML: bad indentation of a mapping entry (at the key "host")',
    ],
    ["yaml", "log: [\n", 'FILE:2:1: not valid YAML: deficient indentation (at the key "log")'],
    ["yml", "log: 1\nlog: 2\n", 'FILE:2:1: not valid YAML: duplicated mapping key (at the key "log")'],
    ["", "server: 'x\n", 'FILE:2:1: not valid YAML: deficient indentation (at the key "server")'],
    [
      "json",
      '{"server": {"port": 80,}}',
      'FILE:1:24: not valid JSON: Expected double-quoted property name (at the key "port")',
    ],
    [
      "json",
      '{"server": {\n  "port": 80\n',
      `FILE:3:1: not valid JSON: Expected ',' or '}' after property value (at the key "port")`,
    ],
    ["json", '{"server": {\n  "port":', `FILE:2:10: not valid JSON: Unexpected end of JSON input (at the key "port")`],
    ["json", '{"log": {\n  "level": info }}', `FILE:2:12: not valid JSON: Unexpected token 'i' (at the key "level")`],
    ["json", '{"log": [1, , 2]}', `FILE:1:13: not valid JSON: Unexpected token ',' (at the key "log")`],
    ["json", "server: 1", "FILE:1:1: not valid JSON: Unexpected token 's'"],
    [
      "json",
      '{"log": "a\nb"}',
      'FILE:1:11: not valid JSON: Bad control character in string literal (at the key "log")',
    ],
    ["mjs", "export default {\n  server: { port: },\n};\n", `FILE:2:19: Unexpected token '}' (at the key "port")`],
    [
      "mjs",
      "const x = {};\nexport default {\n  server: x.y.z,\n};\n",
      "FILE:3:15: Cannot read properties of undefined (reading 'z')",
    ],
    [
      "mjs",
      'import "not-installed-anywhere";\nexport default {};\n',
      "FILE: Cannot find package 'not-installed-anywhere' imported from FILE",
    ],
    ["mjs", 'throw "a string";\n', "FILE: a string"],
    ["js", "export default {\n  server: { port: },\n};\n", `FILE:2:19: Unexpected token '}' (at the key "port")`],
    ["ts", "export default {\n  server: { port: },\n};\n", "FILE:2:19: Expression expected"],
    ["ts", "enum A { B }\nexport default {};\n", "FILE:1:1: TypeScript enum is not supported in strip-only mode"],
  ])("%s: %j", async (ending, content, problem) => {
    const name = ending === "" ? ".flyte-agentrc" : `flyte-agent.config.${ending}`;
    expect(await problemWith(name, content)).toBe(problem);
  });
});

describe("a configuration file that says nothing", () => {
  const empty = "FILE is empty: write {} if the defaults are wanted, or remove it";

  it.each<[string, string, string]>([
    ["flyte-agent.config.yaml", "", empty],
    ["flyte-agent.config.yaml", "# only a comment\n", empty],
    ["flyte-agent.config.yaml", "---\n", empty],
    [".flyte-agentrc", " \n\n", empty],
    ["flyte-agent.config.json", "\n", empty],
    ["flyte-agent.config.json", "null", empty],
    ["flyte-agent.config.ts", "", empty],
    ["flyte-agent.config.mjs", "export const config = {};", 'FILE has no default export: write "export default { … }"'],
    [
      "flyte-agent.config.mjs",
      "export default () => ({});",
      "FILE exports a function: export the configuration object itself",
    ],
    [
      "flyte-agent.config.ts",
      "export default async function config() {}",
      "FILE exports a function: export the configuration object itself",
    ],
  ])("%s: %j", async (name, content, problem) => {
    expect(await problemWith(name, content)).toBe(problem);
  });

  it("is fine as an empty object", async () => {
    expect(await problemWith("flyte-agent.config.yaml", "{}")).toBe("nothing");
  });
});

describe("a configuration file that cannot be read", () => {
  it("because it is a directory", async () => {
    const root = makeProject({ "package.json": "{}", "flyte-agent.config.yaml/": "" });
    await expect(loadConfig({ cwd: root, env: {} })).rejects.toMatchObject({
      code: "invalid_config",
      message: `${join(root, "flyte-agent.config.yaml")} cannot be read: it is a directory`,
    });
  });

  it("because it links to itself", async () => {
    expect(await problemWith(".flyte-agentrc", { link: ".flyte-agentrc" })).toBe(
      "FILE cannot be read: its symbolic links form a circle",
    );
  });

  it("because of its mode", async () => {
    const root = makeProject({ "package.json": "{}", "flyte-agent.config.yaml": "{}" });
    chmodSync(root, 0o755);
    chmodSync(join(root, "flyte-agent.config.yaml"), 0);
    await expect(asNobody(() => loadConfig({ cwd: root, env: {} }))).rejects.toMatchObject({
      message: `${join(root, "flyte-agent.config.yaml")} cannot be read: the server has no permission to read it (EACCES)`,
    });
  });

  it("because its ending is not known", async () => {
    const root = makeProject({ "package.json": "{}", "agent.toml": "x" });
    await expect(loadConfig({ cwd: root, env: {}, configFile: "agent.toml" })).rejects.toMatchObject({
      code: "invalid_config",
      message:
        `${join(root, "agent.toml")} is none of the known kinds of file: ` +
        ".yaml, .yml, .json, .js, .mjs, .cjs, .ts, .mts, .cts",
    });
  });
});

describe("a configuration file with wrong content", () => {
  it.each<[string, string, string]>([
    [
      "flyte-agent.config.yaml",
      "log:\n  level: info\nserver:\n  # the port\n  prot: 80\n",
      'FILE:5:3: server.prot is not a known key, did you mean "port"?',
    ],
    ["flyte-agent.config.yaml", "plugin: {}\n", 'FILE:1:1: plugin is not a known key, did you mean "plugins"?'],
    [
      "flyte-agent.config.json",
      '{\n  "telemetry": {}\n}',
      "FILE:2:3: telemetry is not a known key: known are server, log, plugins, config, inputs, limits",
    ],
    [
      "flyte-agent.config.json",
      '{\n  "server": { "port": "80" }\n}',
      'FILE:2:15: server.port: got "80", expected a whole number from 0 to 65535',
    ],
    [
      "flyte-agent.config.yaml",
      "server: { prometheusPort: none }",
      'FILE:1:11: server.prometheusPort: got "none", expected a whole number from 0 to 65535, or "off"',
    ],
    [
      "flyte-agent.config.yaml",
      "server: { drainTimeoutMs: -1 }",
      "FILE:1:11: server.drainTimeoutMs: got -1, expected a whole number of milliseconds, at most 3600000",
    ],
    [
      "flyte-agent.config.yaml",
      "server: { cors: { origins: ['https://app.example.com/'] } }",
      'FILE:1:29: server.cors.origins[0]: got "https://app.example.com/", expected an origin such as "https://app.example.com", or "*" for every one',
    ],
    [
      "flyte-agent.config.yaml",
      "server: { cors: { origins: '*' } }",
      'FILE:1:19: server.cors.origins: got "*", expected a list, each item an origin such as "https://app.example.com", or "*" for every one',
    ],
    [
      "flyte-agent.config.yaml",
      "limits: { maxJobBytes: 4k }",
      'FILE:1:11: limits.maxJobBytes: got "4k", expected a whole number of bytes from 1 to 4294967295',
    ],
    [
      "flyte-agent.config.yaml",
      "inputs: { offloaded: { allow: ['file:///etc'] } }",
      'FILE:1:32: inputs.offloaded.allow[0]: got "file:///etc", expected "s3://bucket", "gs://bucket/prefix" or "s3://" for every bucket',
    ],
    [
      "flyte-agent.config.yaml",
      "inputs: { offloaded: { allow: 's3://bucket' } }",
      'FILE:1:24: inputs.offloaded.allow: got "s3://bucket", expected a list of places such as "s3://bucket", "gs://bucket/prefix" or "s3://" for every bucket',
    ],
    [
      "flyte-agent.config.yaml",
      "server: { host: '' }",
      'FILE:1:11: server.host: got "", expected an address to listen on',
    ],
    [
      "flyte-agent.config.yaml",
      "server: { tls: true }",
      "FILE:1:11: server.tls: got true, expected an object with the keys certFile and keyFile",
    ],
    ["flyte-agent.config.yaml", "server:\n", "FILE:1:1: server: got null, expected an object"],
    ["flyte-agent.config.yaml", "server: []\n", "FILE:1:1: server: got a list, expected an object"],
    [
      "flyte-agent.config.yaml",
      "log: { level: trace }",
      'FILE:1:8: log.level: got "trace", expected one of debug, info, warn, error',
    ],
    [
      "flyte-agent.config.yaml",
      "plugins:\n  list:\n    - a\n    - 7\n",
      "FILE:4:7: plugins.list[1]: got 7, expected a string that is not empty",
    ],
    [
      "flyte-agent.config.yaml",
      "plugins: { disabled: sensor }",
      'FILE:1:12: plugins.disabled: got "sensor", expected a list of ids or package names',
    ],
    [
      "flyte-agent.config.yaml",
      "plugins: { routes: { ray@1: 7 } }",
      'FILE:1:22: plugins.routes["ray@1"]: got 7, expected the id of a plugin',
    ],
    [
      "flyte-agent.config.yaml",
      "plugins: { routes: [a] }",
      'FILE:1:12: plugins.routes: got a list, expected an object such as { "task_type@0": "plugin-id" }',
    ],
    [
      "flyte-agent.config.yaml",
      "config: sensor",
      'FILE:1:1: config: got "sensor", expected an object with the options of each plugin by its id',
    ],
    [
      "flyte-agent.config.json",
      '{"config": {"a": {"__proto__": 1}}}',
      "FILE:1:19: config.a.__proto__ must not have the name __proto__",
    ],
    [
      "flyte-agent.config.yaml",
      "constructor: 1",
      "FILE:1:1: constructor is not a known key: known are server, log, plugins, config, inputs, limits",
    ],
    ["flyte-agent.config.yaml", "- a\n", "FILE: got a list, expected an object"],
    [".flyte-agentrc", "just text", 'FILE: got "just text", expected an object'],
    [
      "flyte-agent.config.mjs",
      "export default { server: { prot: 1 } };",
      'FILE: server.prot is not a known key, did you mean "port"?',
    ],
    [
      "flyte-agent.config.mjs",
      "export default { server: { host: () => 1 } };",
      "FILE: server.host: got a function, expected an address to listen on",
    ],
    [
      "flyte-agent.config.yaml",
      "server: { port: 1, prometheusPort: 1 }",
      "server.port and server.prometheusPort are both 1: choose two ports",
    ],
    [
      "flyte-agent.config.yaml",
      "server: { tls: { certFile: a.pem } }",
      "server.tls.certFile is set and server.tls.keyFile is not: TLS needs both",
    ],
    [
      "flyte-agent.config.yaml",
      "server: { tls: { keyFile: a.pem } }",
      "server.tls.keyFile is set and server.tls.certFile is not: TLS needs both",
    ],
  ])("%s: %j", async (name, content, problem) => {
    expect(await problemWith(name, content)).toBe(problem);
  });

  it("names everything that is wrong, a line each", async () => {
    expect(await problemWith("flyte-agent.config.yaml", "log: { level: x }\nserver: { prot: 1 }\n")).toBe(
      [
        'FILE:2:11: server.prot is not a known key, did you mean "port"?',
        'FILE:1:8: log.level: got "x", expected one of debug, info, warn, error',
      ].join("\n"),
    );
  });
});
