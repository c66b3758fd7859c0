import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startServe } from "./command.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const demo = fileURLToPath(new URL("../../../examples/demo.mjs", import.meta.url));
const run = promisify(execFile);

it("runs the demo against a server to its end", async () => {
  await using server = await startServe(root);
  const { stdout } = await run(process.execPath, [demo, "--endpoint", `localhost:${server.port}`], { cwd: root });
  expect(stdout).toContain('POST /hooks {"text":"42 new rows"}');
  expect(stdout).toContain("status_code: 200");
  expect(stdout).toContain("both tasks succeeded");
});

it("fails when a task of the demo does", async () => {
  const failing = run(process.execPath, [demo, "--endpoint", "localhost:1"], { cwd: root });
  await expect(failing).rejects.toMatchObject({ code: 1, stdout: expect.stringContaining("a task failed") });
});
