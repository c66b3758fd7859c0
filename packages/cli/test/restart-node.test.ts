import { describe, expect, it } from "vitest";
import { proxyWarning } from "../dist/network/proxy-environment.js";
import { restartOf } from "../dist/process/restart-node.js";

const serving = {
  argv: ["/usr/bin/node", "/app/flyte-agent.mjs", "serve", "--port", "1"],
  env: { PATH: "/usr/bin" },
  execArgv: ["--enable-source-maps"],
  execPath: "/usr/bin/node",
  platform: "linux",
  versions: { node: "24.21.0" },
  execve: () => {
    throw new Error("not here");
  },
} as const;

it("keeps flags and arguments and adds the size of the young generation", () => {
  const restart = restartOf(serving as never); // the members that matter
  expect(restart?.args).toEqual([
    ...["/usr/bin/node", "--enable-source-maps", "--max-semi-space-size=2"],
    ...["/app/flyte-agent.mjs", "serve", "--port", "1"],
  ]);
  expect(restart?.env).toEqual(serving.env);
});

it.each([
  ["another command", { argv: ["node", "flyte-agent.mjs", "list"] }],
  ["a size that is set", { env: { NODE_OPTIONS: "--max_semi_space_size=16" } }],
  ["a restart that is done", { execArgv: ["--max-semi-space-size=2"] }],
  ["the variable that forbids it", { env: { FLYTE_AGENT_NO_REEXEC: "1" } }],
  ["a parent with a channel", { channel: {} }],
  ["Windows", { platform: "win32" }],
  ["a Node without execve", { execve: undefined }],
])("stays with %s", (_, change) => {
  expect(restartOf({ ...serving, ...change } as never)).toBeUndefined(); // the members that matter
});

describe("proxies", () => {
  const proxied = { ...serving, env: { HTTPS_PROXY: "http://proxy:3128" } };

  it("are used after the restart, but not for this machine and the metadata of clouds", () => {
    const { env } = restartOf({ ...proxied, env: { ...proxied.env, no_proxy: ".example.com" } } as never) ?? {}; // the members that matter
    expect(env).toMatchObject({ HTTPS_PROXY: "http://proxy:3128", NODE_USE_ENV_PROXY: "1" });
    expect(env?.NO_PROXY?.split(",")).toEqual(
      expect.arrayContaining([".example.com", "localhost", "127.0.0.1", "169.254.169.254", "metadata.google.internal"]),
    );
    expect(env?.no_proxy).toBe(env?.NO_PROXY);
  });

  it("restart run, too, which keeps its heap", () => {
    const run = { ...proxied, argv: ["node", "/app/flyte-agent.mjs", "run", "task.yaml"] };
    expect(restartOf(run as never)?.args).toEqual([
      ...["/usr/bin/node", "--enable-source-maps", "/app/flyte-agent.mjs", "run", "task.yaml"],
    ]);
    expect(restartOf({ ...run, env: {} } as never)).toBeUndefined();
  });

  it.each([
    ["that are switched off", { env: { ...proxied.env, NODE_USE_ENV_PROXY: "0" } }],
    ["of a command line that has them", { execArgv: ["--use-env-proxy"] }],
    ["of an old Node", { versions: { node: "22.18.0" } }],
    ["of another old Node", { versions: { node: "24.4.1" } }],
    ["that are empty", { env: { HTTPS_PROXY: "" } }],
  ])("are left alone: those %s", (_, change) => {
    expect(restartOf({ ...proxied, ...change } as never)?.env.NO_PROXY).toBeUndefined();
  });

  it("are warned of where Node cannot use them, or must be told by hand", () => {
    expect(proxyWarning({ ...proxied, versions: { node: "22.18.0" } } as never)).toBe(
      "HTTPS_PROXY is set and not used: Node 22.18.0 cannot, 22.21, 24.5 and newer ones can",
    );
    expect(proxyWarning(proxied as never)).toContain("set NODE_USE_ENV_PROXY=1, too");
    expect(proxyWarning(serving as never)).toBeUndefined();
  });
});
