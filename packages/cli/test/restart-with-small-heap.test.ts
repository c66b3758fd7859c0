import { expect, it } from "vitest";
import { restartOf } from "../dist/process/restart-with-small-heap.js";

const serving = {
  argv: ["/usr/bin/node", "/app/flyte-agent.mjs", "serve", "--port", "1"],
  env: { PATH: "/usr/bin" },
  execArgv: ["--enable-source-maps"],
  execPath: "/usr/bin/node",
  platform: "linux",
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
