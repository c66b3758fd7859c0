import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What became of the jobs of one execution at a deployment, from the logs of its servers, the oldest first: `created
 * <attempt>`, `deleted <attempt>`.
 */
export function readJobLog(deployment: string, execution: string, evidenceFolder: string): readonly string[] {
  const folder = join(evidenceFolder, "servers");
  return globSync(`${deployment}-[0-9]*/*.log`, { cwd: folder })
    .flatMap((file) => [...readFileSync(join(folder, file), "utf8").matchAll(jobEvents)])
    .filter(([, , name]) => name === execution)
    .map(([, time, , attempt, event]) => ({ time: Date.parse(time ?? ""), text: `${event} ${attempt}` }))
    .sort((a, b) => a.time - b.time)
    .map(({ text }) => text);
}

/** Time, execution, attempt and event of the lines that the scripted agents log. */
const jobEvents = /"time":"([^"]+)".*"job":"([^"/]+)\/(\d+)".*"message":"job (created|deleted)"/g;
