import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readJobLog } from "../src/flyte1/read-job-log.ts";

const line = (second: number, message: string, job: string): string =>
  JSON.stringify({ level: "info", time: `2026-11-29T23:00:0${second}.000Z`, job, message });

test("the jobs of one execution, from the logs of all servers of one deployment, by time", async () => {
  const folder = await mkdtemp(join(tmpdir(), "job-log-"));
  const write = async (server: string, lines: readonly string[]): Promise<void> => {
    await mkdir(join(folder, "servers", server), { recursive: true });
    await writeFile(join(folder, "servers", server, `${server}.log`), `$ flyte-agent serve\n${lines.join("\n")}\n`);
  };
  await write("agent-2", [line(3, "job created", "run/1"), line(4, "job created", "run-2/0")]);
  await write("agent-1", [
    line(1, "job created", "run/0"),
    line(2, "job deleted", "run/0"),
    line(5, "stopping", "run/0"),
  ]);
  await write("agent-disturbed-1", [line(1, "job created", "run/0")]);

  expect(readJobLog("agent", "run", folder)).toEqual(["created 0", "deleted 0", "created 1"]);
  expect(readJobLog("agent", "nobody", folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
