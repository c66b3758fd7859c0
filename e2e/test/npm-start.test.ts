import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startAgentServer } from "./agent-server.ts";
import { repository } from "./pack-workspace.ts";
import { startProgram } from "./running-program.ts";

// Other tests keep the machine busy meanwhile; alone it takes less than 3 s.
const busyStartMs = 15_000;

it("npm start in a clone that is set up serves soon, hands flags on, and ends with npm", {
  timeout: 60_000,
}, async () => {
  const startedMs = performance.now();
  await using server = await startAgentServer((...flags) =>
    startProgram(["npm", "start", "--", ...flags], { cwd: repository, env: process.env }),
  );
  const tookMs = performance.now() - startedMs;
  console.log(`npm start to serving: ${(tookMs / 1000).toFixed(1)} s`);

  expect(tookMs).toBeLessThan(busyStartMs);
  expect(server.program.output.match(/nothing to do/g)).toHaveLength(2);
  expect(await server.taskTypes()).toEqual(["bigquery_query_job_task", "sensor", "webhook"]);
  server.program.signal("SIGTERM");
  await server.program.ended();
  expect(server.program.output).toMatch(/\bstopped\b/);
  await expect(server.taskTypes()).rejects.toThrow("fetch failed");
});

it("npm run demo runs its tasks to their end", { timeout: 60_000 }, async () => {
  const { stdout } = await promisify(execFile)("npm", ["run", "demo"], { cwd: repository });
  expect(stdout).toMatch(/sensor/);
  expect(stdout).toMatch(/webhook/);
});
