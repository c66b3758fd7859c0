import { join } from "node:path";
import { defaultConfig, flagProperty, loadConfig, settings } from "@flyte-agent/runtime";
import { describe, expect, it } from "vitest";
import { makeProject } from "../discovery/make-project.ts";

describe("loadConfig", () => {
  it("gives the defaults where nobody said anything", async () => {
    const root = makeProject({ "package.json": "{}" });
    expect(await loadConfig({ cwd: root, env: {} })).toEqual({
      appRoot: root,
      configFile: undefined,
      ...defaultConfig,
      config: {},
      warnings: [],
    });
  });

  it("prefers flags to variables to the file to defaults", async () => {
    const root = makeProject({
      "package.json": "{}",
      "flyte-agent.config.yaml": `
server: { port: 1, host: file, maxMessageBytes: 2, drainTimeoutMs: 3 }
plugins: { disabled: [from-file], deny: [denied] }
`,
    });
    const config = await loadConfig({
      cwd: root,
      flags: { port: "10", prometheusPort: "off", host: undefined },
      env: {
        FLYTE_AGENT_PORT: "20",
        FLYTE_AGENT_HOST: "variable",
        FLYTE_AGENT_MAX_MESSAGE_BYTES: "",
        FLYTE_AGENT_PLUGINS_DISABLED: " a, b ,,",
      },
    });
    expect(config.server).toEqual({
      ...defaultConfig.server,
      port: 10,
      prometheusPort: "off",
      host: "variable",
      maxMessageBytes: 2,
      drainTimeoutMs: 3,
    });
    expect(config.plugins).toEqual({ ...defaultConfig.plugins, disabled: ["a", "b"], deny: ["denied"] });
  });

  it("takes everything that a file can hold", async () => {
    const content = {
      server: {
        host: "127.0.0.1",
        port: 0,
        prometheusPort: 0,
        maxMessageBytes: 1,
        maxJsonBytes: 1,
        unaryLane: false,
        maxConcurrentStreams: 1,
        drainTimeoutMs: 0,
        tls: { certFile: "tls/cert.pem", keyFile: "/etc/key.pem" },
        cors: { origins: ["https://app.example.com"] },
      },
      log: { level: "debug", format: "pretty" },
      plugins: {
        discovery: "scan",
        list: ["some-package", "./local", "../beside", "/absolute", "file:./by-url", "file:///abs/url", "@s/.dot"],
        allow: ["*"],
        deny: ["a"],
        disabled: ["b"],
        optional: ["later"],
        routes: { "ray@1": "ray", spark: "spark" },
        onFailure: "abort",
      },
      config: { ray: { endpoint: "http://ray", anything: [1, { a: null }] }, off: false },
      inputs: { maxLiterals: 1, offloaded: { allow: ["s3://bucket", "gs://bucket/prefix", "s3://"], maxBytes: 1 } },
      limits: { maxTemplateBytes: 1, maxJobBytes: 1, maxAnswerBytes: 1 },
    };
    const root = makeProject({
      "app/package.json": "{}",
      "app/etc/agent.json": JSON.stringify(content),
      "app/etc/agent.mjs": `export default ${JSON.stringify(content)};`,
    });
    const etc = join(root, "app/etc");
    for (const configFile of ["etc/agent.json", "etc/agent.mjs"]) {
      const config = await loadConfig({ cwd: join(root, "app"), env: {}, configFile });
      expect(config).toEqual({
        ...content,
        appRoot: join(root, "app"),
        configFile: join(root, "app", configFile),
        server: { ...content.server, tls: { certFile: join(etc, "tls/cert.pem"), keyFile: "/etc/key.pem" } },
        plugins: {
          ...content.plugins,
          list: [
            "some-package",
            join(etc, "local"),
            join(root, "app/beside"),
            "/absolute",
            join(etc, "by-url"),
            "/abs/url",
            "@s/.dot",
          ],
        },
        warnings: [],
      });
    }
  });

  it("reads files with a byte order mark, also in UTF-16", async () => {
    const text = '{"server": {"port": 7}}';
    const big = Buffer.from(`\uFEFF${text}`, "utf16le").swap16();
    for (const bytes of [Buffer.from(`\uFEFF${text}`), Buffer.from(`\uFEFF${text}`, "utf16le"), big]) {
      const root = makeProject({ "package.json": "{}", "flyte-agent.config.json": bytes });
      expect((await loadConfig({ cwd: root, env: {} })).server.port).toBe(7);
    }
  });

  it("takes a configuration that contains itself, since options may be any object", async () => {
    const root = makeProject({
      "package.json": "{}",
      "flyte-agent.config.mjs":
        "const options = {}; options.self = options; export default { config: { a: options } };",
    });
    expect(Object.keys((await loadConfig({ cwd: root, env: {} })).config)).toEqual(["a"]);
  });

  it("warns of variables that it does not know", async () => {
    const root = makeProject({ "package.json": "{}" });
    const env = {
      FLYTE_AGENT_PROT: "1",
      FLYTE_AGENT_XYZXYZXYZXYZXYZXYZXYZ: "1",
      FLYTE_OTHER: "1",
      FLYTE_AGENT_LOGLEVEL: "",
    };
    expect((await loadConfig({ cwd: root, env })).warnings).toEqual([
      "the environment variable FLYTE_AGENT_LOGLEVEL is not known and was ignored, did you mean FLYTE_AGENT_LOG_LEVEL?",
      "the environment variable FLYTE_AGENT_PROT is not known and was ignored, did you mean FLYTE_AGENT_PORT?",
      "the environment variable FLYTE_AGENT_XYZXYZXYZXYZXYZXYZXYZ is not known and was ignored",
    ]);
  });

  it("takes no variable that Kubernetes sets for a service, and warns of none", async () => {
    const root = makeProject({ "package.json": "{}" });
    const env = {
      ...serviceVariables("FLYTE_AGENT", "10.0.0.1", { GRPC: 8000, METRICS: 9090 }),
      ...serviceVariables("FLYTE_AGENT_PROMETHEUS", "fd00::1", { METRICS: 9090 }),
      ...serviceVariables("FLYTE_AGENT_CANARY", "10.0.0.3", { GRPC: 8000 }),
    };
    expect(env).toMatchObject({ FLYTE_AGENT_PORT: "tcp://10.0.0.1:8000" });
    expect(env).toMatchObject({ FLYTE_AGENT_PROMETHEUS_PORT: "tcp://[fd00::1]:9090" });
    const { server, warnings } = await loadConfig({ cwd: root, env });
    expect({ server, warnings }).toEqual({ server: defaultConfig.server, warnings: [] });
    // What the pod itself sets wins over the service's.
    expect((await loadConfig({ cwd: root, env: { ...env, FLYTE_AGENT_PORT: "8001" } })).server.port).toBe(8001);
  });

  it("warns of the address of a link that belongs to no service, and of what only looks like a service's", async () => {
    const root = makeProject({ "package.json": "{}" });
    const env = { FLYTE_AGENT_PORT: "tcp://0.0.0.0:8001", FLYTE_AGENT_SERVICE_PORT: "8001" };
    const { server, warnings } = await loadConfig({ cwd: root, env });
    expect(server.port).toBe(8000);
    expect(warnings).toEqual([
      "the environment variable FLYTE_AGENT_PORT is tcp://0.0.0.0:8001, the form of a link between containers, and counts as not set",
      expect.stringContaining("FLYTE_AGENT_SERVICE_PORT is not known and was ignored"),
    ]);
  });

  it("resolves paths in flags and variables from the working directory", async () => {
    const root = makeProject({ "package.json": "{}", "deep/": "" });
    const config = await loadConfig({
      cwd: join(root, "deep"),
      flags: { tlsCertFile: "cert.pem" },
      env: { FLYTE_AGENT_TLS_KEY_FILE: "../key.pem" },
    });
    expect(config.server.tls).toEqual({ certFile: join(root, "deep/cert.pem"), keyFile: join(root, "key.pem") });
  });

  it.each([
    [{ port: "80a" }, {}, '--port: got "80a", expected a whole number from 0 to 65535'],
    [{}, { FLYTE_AGENT_PORT: "80a" }, 'FLYTE_AGENT_PORT: got "80a", expected a whole number from 0 to 65535'],
    [
      {},
      { FLYTE_AGENT_PORT: "tcp://flyte:8000" },
      'FLYTE_AGENT_PORT: got "tcp://flyte:8000", expected a whole number from 0 to 65535',
    ],
    [{ port: 70_000 }, {}, "--port: got 70000, expected a whole number from 0 to 65535"],
    [{ port: "" }, {}, '--port: got "", expected a whole number from 0 to 65535'],
    [{ prometheusPort: "no" }, {}, '--prometheus-port: got "no", expected a whole number from 0 to 65535, or "off"'],
    [
      {},
      { FLYTE_AGENT_LOG_LEVEL: "INFO" },
      'FLYTE_AGENT_LOG_LEVEL: got "INFO", expected one of debug, info, warn, error',
    ],
    [
      {},
      { FLYTE_AGENT_DRAIN_TIMEOUT_MS: "30s" },
      'FLYTE_AGENT_DRAIN_TIMEOUT_MS: got "30s", expected a whole number of milliseconds, at most 3600000',
    ],
    [
      {},
      { FLYTE_AGENT_CORS_ORIGINS: "https://a.example, example.com" },
      'FLYTE_AGENT_CORS_ORIGINS: got "example.com", expected an origin such as "https://app.example.com", or "*" for every one',
    ],
  ])("names the flag or variable that is wrong: %j %j", async (flags, env, message) => {
    const root = makeProject({ "package.json": "{}" });
    await expect(loadConfig({ cwd: root, flags, env })).rejects.toMatchObject({ code: "invalid_config", message });
  });

  it("knows each setting by its flag and its variable", async () => {
    const root = makeProject({ "package.json": "{}" });
    for (const setting of settings.filter(({ kind }) => kind === "number")) {
      const flags = loadConfig({ cwd: root, flags: { [flagProperty(setting)]: "?" }, env: {} });
      await expect(flags).rejects.toThrow(`--${setting.flag}: got "?", expected `);
      const env = loadConfig({ cwd: root, env: { [setting.env]: "?" } });
      await expect(env).rejects.toThrow(`${setting.env}: got "?", expected `);
    }
  });
});

/** What kubelet puts into pods for a service (its `envvars` package): the first port has two short names besides. */
function serviceVariables(prefix: string, address: string, ports: Readonly<Record<string, number>>) {
  const host = address.includes(":") ? `[${address}]` : address;
  const [first = 0] = Object.values(ports);
  const link = (port: number): string => `tcp://${host}:${port}`;
  const env: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: address,
    [`${prefix}_SERVICE_PORT`]: `${first}`,
    [`${prefix}_PORT`]: link(first),
  };
  for (const [name, port] of Object.entries(ports)) {
    env[`${prefix}_SERVICE_PORT_${name}`] = `${port}`;
    env[`${prefix}_PORT_${port}_TCP`] = link(port);
    env[`${prefix}_PORT_${port}_TCP_PROTO`] = "tcp";
    env[`${prefix}_PORT_${port}_TCP_PORT`] = `${port}`;
    env[`${prefix}_PORT_${port}_TCP_ADDR`] = address;
  }
  return env;
}
